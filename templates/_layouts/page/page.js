// Filters, languages, themes; without this the page reads from top to bottom.
(() => {
  const root = document.documentElement, $ = (id) => document.getElementById(id);
  const kept = { get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* a file of its own may keep nothing */ } } };
  const nodes = JSON.parse($("nodes").textContent);
  for (const list of document.querySelectorAll(".says"))
    list.replaceChildren(...list.textContent.split(" ").map((number) => {
      const link = document.createElement("a");
      link.href = `#m${number}`;
      link.textContent = number;
      return link;
    }));
  // a step has its messages by number; a search finds them by their words too
  const message = (link) => document.getElementById(link.hash.slice(1));
  const words = (element) => [element, ...[...element.querySelectorAll(".says a")].map(message)].map((one) => one.textContent);
  const steps = [...document.querySelectorAll(".step")].map((element) => ({
    element, text: words(element).join("\n").toLowerCase(), where: element.dataset.where, is: (kind) => element.classList.contains(kind) }));
  const places = [...document.querySelectorAll("pre b, code b")].filter((place) => !place.closest("#words"));

  const groupsOf = () => {
    const name = $("node").value, role = $("role").value;
    if (name === "undercloud") return new Set(["undercloud"]);
    const chosen = nodes.filter((node) => (!name || node.name === name) && (!role || node.role === role));
    return name || role ? new Set(chosen.flatMap((node) => node.groups)) : null;
  };
  const fits = (step, groups, kind, words) =>
    (!groups || groups.has(step.where)) &&
    (!kind || step.is(kind) || (kind === "change" && step.is("attended")) || (kind === "disruptive" && step.is("destructive"))) &&
    words.every((word) => step.text.includes(word));
  const filter = () => {
    const groups = groupsOf(), kind = $("kind").value, words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const any = groups || kind || words.length;
    let count = 0;
    for (const step of steps) {
      const shown = fits(step, groups, kind, words);
      step.element.hidden = !shown;
      count += shown;
    }
    for (const section of document.querySelectorAll(".chapter-section"))
      section.hidden = Boolean(any) && !section.querySelector(".step:not([hidden])");
    $("found").textContent = any ? `${count} / ${steps.length}` : "";
    const name = $("node").value;
    for (const place of places) place.textContent = name && name !== "undercloud" ? name : "<node>";
    $("path").replaceChildren(...(groups ? steps.filter((step) => !step.element.hidden && !step.is("check")).map((step) => {
      const link = document.createElement("a"), item = document.createElement("li");
      link.href = `#${step.element.id}`;
      link.append(...[".id", ".title"].map((part) => step.element.querySelector(part).cloneNode(true)));
      if (!step.is("low")) link.className = "risky";
      item.append(link);
      return item;
    }) : []));
  };
  for (const id of ["search", "node", "role", "kind"]) $(id).addEventListener("input", filter);
  // a node in the picture of the site is chosen by a click
  $("site").addEventListener("click", (event) => {
    if (!event.target.matches('a[href="#orders"]')) return;
    for (const id of ["search", "role", "kind"]) $(id).value = "";
    $("node").value = event.target.textContent;
    filter();
  });

  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let at = target; at; at = at.parentElement) { if (at.tagName === "DETAILS") at.open = true; at.hidden = false; }
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) reveal();
  });

  // the messages of a list that is opened are read in their place
  document.addEventListener("toggle", (event) => {
    const list = event.target.querySelector(":scope > .says:not(.full)");
    if (!list || !event.target.open) return;
    list.classList.add("full");
    list.lang = "en";
    for (const link of list.querySelectorAll("a")) {
      const row = document.createElement("div");
      link.replaceWith(row);
      row.append(link, ...[...message(link).children].map((one) => one.cloneNode(true)));
    }
  }, true);

  // the words in a text that is opened become links to what they stand for
  const known = (word) => document.getElementById(`w-${word}`);
  document.addEventListener("toggle", (event) => {
    const code = event.target.querySelector(":scope > pre:not([class])");
    if (!code || !event.target.open) return;
    code.className = "";
    const pieces = code.textContent.split(/([a-z_][a-z0-9_]*)/);
    code.replaceChildren(...pieces.map((piece, at) => {
      if (at % 2 === 0 || !known(piece)) return piece;
      // a plain English word after another is an argument, as in `server stop`
      const before = /(?:^|\s)([A-Za-z][\w.-]*)[ \t]+$/.exec(pieces.slice(Math.max(0, at - 9), at).join(""));
      if (!piece.includes("_") && before && !known(before[1]) && !/^(if|then|else|elif|do|while|until)$/.test(before[1])) return piece;
      const link = document.createElement("a");
      link.href = `#w-${piece}`;
      link.textContent = piece;
      return link;
    }));
  }, true);

  const list = document.querySelector("#departures dl");
  for (const departure of document.querySelectorAll(".departure")) {
    const step = departure.closest(".step"), term = document.createElement("dt"), said = document.createElement("dd");
    const link = document.createElement("a");
    link.href = `#${step.id}`;
    link.textContent = step.querySelector(".id").textContent;
    term.append(link, " ", departure.querySelector("code").cloneNode(true));
    const from = [...departure.childNodes];
    said.append(...from.slice(from.findIndex((node) => node.nodeName === "BR") + 1).map((node) => node.cloneNode(true)));
    list.append(term, said);
  }
  $("departures").hidden = !list.children.length;

  for (const text of document.querySelectorAll("pre")) text.tabIndex = 0;

  // what stays at the top covers nothing, however many lines it has
  const top = document.querySelector(".top");
  new ResizeObserver(() => root.style.setProperty("--top", `${top.offsetHeight}px`)).observe(top);

  const every = () => document.querySelectorAll(".step, .step details, .signed, .role details");
  $("open").addEventListener("click", () => {
    const opened = [...document.querySelectorAll(".step")].every((step) => step.open);
    for (const step of document.querySelectorAll(".step")) step.open = !opened;
  });
  let closed = [];
  addEventListener("beforeprint", () => { closed = [...every()].filter((one) => !one.open); for (const one of closed) one.open = true; });
  addEventListener("afterprint", () => { for (const one of closed) one.open = false; });

  // an option holds text alone, so it is given that of the language
  const name = (language) => { for (const option of document.querySelectorAll("option[data-ja]")) option.textContent = option.dataset[language]; };
  const speak = (language) => { root.lang = language; name(language); kept.set("osp-language", language); };
  $("language").addEventListener("click", () => speak(root.lang === "ja" ? "en" : "ja"));
  const dress = (theme) => { root.dataset.theme = theme; kept.set("osp-theme", theme); };
  $("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    dress(dark ? "light" : "dark");
  });
  if (kept.get("osp-language")) { root.lang = kept.get("osp-language"); name(root.lang); }
  if (kept.get("osp-theme")) root.dataset.theme = kept.get("osp-theme");
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) { event.preventDefault(); $("search").focus(); }
  });
  filter();
  reveal();
})();
