"use strict";
(() => {
  const form = document.getElementById("filter");
  const claims = Array.from(document.querySelectorAll("article"));
  const show = () => {
    const { verdict, topic, engine, provenance, text } = Object.fromEntries(new FormData(form));
    const wanted = text.trim().toLowerCase();
    const fits = ({ dataset, textContent }) =>
      (!verdict || dataset.verdict === verdict) &&
      (!topic || dataset.topic === topic) &&
      (!engine || dataset.engines.split(" ").includes(engine)) &&
      (!provenance || dataset.provenance === provenance) &&
      (!wanted || textContent.toLowerCase().includes(wanted));
    for (const claim of claims) claim.hidden = !fits(claim);
    for (const section of document.querySelectorAll("section.claims")) {
      section.hidden = !section.querySelector("article:not([hidden])");
    }
    const left = claims.filter((claim) => !claim.hidden).length;
    form.querySelector("output").textContent = left === claims.length ? "" : `${left} of ${claims.length} claims`;
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  // A link to a claim that the filter hides shows it all the same.
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.closest("[hidden]")) {
      form.reset();
      show();
      target.scrollIntoView();
    }
  });
  show();
})();
