"use strict";
(() => {
  const form = document.getElementById("filter");
  const claims = Array.from(document.querySelectorAll("article"));
  const sections = Array.from(document.querySelectorAll("section.claims"));
  let filtered = false;
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
    // What is looked for unfolds, and folds again where nothing is.
    const filters = Boolean(verdict || topic || engine || provenance || wanted);
    for (const section of sections) {
      section.hidden = !section.querySelector("article:not([hidden])");
      if (filters !== filtered) section.querySelector("details").open = filters;
    }
    filtered = filters;
    const left = claims.filter((claim) => !claim.hidden).length;
    form.querySelector("output").textContent = filters ? `${left} of ${claims.length} claims` : "";
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  // A link to what is folded or filtered out shows it all the same.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]") || target.querySelector("article") && !target.querySelector("article:not([hidden])")) {
      form.reset();
      show();
    }
    if (target.matches("section")) target.querySelector("details")?.setAttribute("open", "");
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", reveal);
  show();
  reveal();
})();
