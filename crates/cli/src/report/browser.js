"use strict";
// Put in front of the report's own script: what goes wrong is kept, and told at the end.
(() => {
  const failures = [];
  const fail = (text) => failures.push(text);
  window.addEventListener("error", (event) => fail(`error: ${event.message}`));
  window.addEventListener("unhandledrejection", (event) => fail(`rejected: ${event.reason}`));
  for (const name of ["error", "warn"]) {
    console[name] = (...words) => fail(`console.${name}: ${words.join(" ")}`);
  }
  const all = (selector) => Array.from(document.querySelectorAll(selector));

  const links = () => {
    for (const { href, hash } of all("a")) {
      if (!hash || !document.getElementById(decodeURIComponent(hash.slice(1)))) fail(`a link leads nowhere: ${href}`);
    }
    for (const { name } of performance.getEntriesByType("resource")) {
      if (!name.startsWith("data:")) fail(`asks for ${name}`);
    }
  };

  const formulas = () => {
    const formulas = all("math");
    for (const formula of formulas) {
      const { width, height } = formula.getBoundingClientRect();
      if (formula.querySelector("merror") || !(width > 0 && height > 0)) fail(`not rendered: ${formula.textContent}`);
    }
    return formulas.length;
  };

  // Whatever is too wide scrolls in itself.
  const layout = () => {
    const excess = document.documentElement.scrollWidth - window.innerWidth;
    if (excess > 0) {
      const wide = all("body *").find((element) => !element.closest(".wide") && element.getBoundingClientRect().right > window.innerWidth + 1);
      fail(`${excess} px wider than the window: ${wide?.outerHTML.slice(0, 120)}`);
    }
    // To the side alone: nothing is so high that it would scroll up and down.
    for (const element of all("body *")) {
      const high = element.scrollHeight - element.clientHeight;
      if (high > 0 && getComputedStyle(element).overflowY === "auto") fail(`${high} px higher than its box: ${element.outerHTML.slice(0, 120)}`);
    }
  };

  // The contrast ratio of WCAG.
  const contrast = () => {
    const luminance = (color) => {
      const [red, green, blue] = color.match(/[\d.]+/g).map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    // What shows through a transparent element is behind it.
    const behind = (element) => {
      const { backgroundColor } = getComputedStyle(element);
      return backgroundColor === "rgba(0, 0, 0, 0)" && element.parentElement ? behind(element.parentElement) : luminance(backgroundColor);
    };
    const paper = behind(document.body);
    if (paper < 0.2 !== matchMedia("(prefers-color-scheme: dark)").matches) fail("the paper is not of the wanted scheme");
    for (const selector of ["body", ".source", ".agrees", ".differs", "a", "th", ".printed", ".reconstructed", ".text", ".own"]) {
      const element = document.querySelector(selector);
      if (!element) continue;
      const ink = luminance(getComputedStyle(element).color);
      const ground = behind(element);
      const ratio = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
      if (ratio < 4.5) fail(`${selector} has a contrast of ${ratio.toFixed(1)}`);
    }
    // On grey paper, too, each provenance looks like no other: by its lightness or by its border.
    const looks = [".printed", ".reconstructed", ".text", ".own"].map((selector) => document.querySelector(selector)).filter(Boolean);
    const borders = new Set(looks.map((element) => getComputedStyle(element).borderTopStyle));
    if (borders.size < looks.length) fail(`${looks.length} provenances have ${borders.size} kinds of border`);
  };

  // The head says what is below it.
  const overview = () => {
    for (const link of all(".matrix td a")) {
      const group = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      const count = group?.querySelectorAll("article").length;
      if (count !== Number(link.textContent)) fail(`${link.hash} has ${count} claims, and the head says ${link.textContent}`);
    }
    const differing = all(".group > article[data-verdict=differs]").map(({ id }) => id);
    const told = all(".differs-table td:first-child > a").map(({ hash }) => decodeURIComponent(hash.slice(1)));
    if (differing.sort().join() !== told.sort().join()) fail(`the head says of ${told.length} claims that they differ, and ${differing.length} do`);
  };

  const filter = () => {
    const form = document.getElementById("filter");
    const shown = () => all("article").filter((claim) => claim.checkVisibility());
    const choose = (name, value) => {
      form.elements[name].value = value;
      form.dispatchEvent(new Event("input"));
    };
    const check = (name, value, fits) => {
      choose(name, value);
      const wanted = all("article").filter(fits).map((claim) => claim.id);
      if (shown().map((claim) => claim.id).join() !== wanted.join()) fail(`the filter by ${name} ${value} shows ${shown().length} of ${wanted.length}`);
      choose(name, "");
    };
    for (const name of ["verdict", "topic", "engine"]) {
      const values = Array.from(form.elements[name].options, (option) => option.value).filter(Boolean);
      for (const value of values) {
        check(name, value, ({ dataset }) => (name === "engine" ? dataset.engines.split(" ").includes(value) : dataset[name] === value));
      }
    }
    check("text", "no such text", () => false);
    const first = document.querySelector("article");
    check("text", first.id, ({ textContent }) => textContent.includes(first.id));
    if (all("article[hidden], section[hidden]").length > 0) fail("the filter does not open again");
    return all("article").length;
  };

  window.addEventListener("load", () => {
    const report = { claims: 0, formulas: 0, figures: all(".picture > svg").length, width: window.innerWidth, failures };
    try {
      layout();
      contrast();
      overview();
      report.claims = filter();
      for (const fold of all("details")) fold.open = true;
      links();
      report.formulas = formulas();
      layout();
    } catch (error) {
      fail(`${error}`);
    }
    const output = document.createElement("script");
    output.type = "application/json";
    output.id = "tested";
    output.textContent = JSON.stringify(report).replaceAll("<", "\\u003c");
    document.documentElement.append(output);
  });
})();
