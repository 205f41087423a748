// The command dialog: commands of this page at once, records from the server as one types, arrow keys through both.
import { behaviour } from "./connect.js";
import { icon, make, text } from "./texts.js";

function commands(query) {
  const seen = new Set();
  const found = [];
  for (const link of document.querySelectorAll("a[data-command]")) {
    const label = (link.querySelector(".label, span")?.textContent ?? link.textContent).trim();
    if (!label.toLowerCase().includes(query) || seen.has(link.href)) continue;
    seen.add(link.href);
    found.push({ label, href: link.getAttribute("href"), shape: link.querySelector("use")?.getAttribute("href")?.split("#")[1] ?? "arrow-right" });
  }
  return found.slice(0, query ? 6 : 8);
}

function section(found) {
  const list = make("ul");
  for (const { label, href, shape } of found) list.append(make("li", {}, make("a", { class: "hit", href, tabindex: "-1" }, icon(shape), make("span", { text: label }))));
  return make("section", {}, make("h2", { text: text("commands") }), list);
}

async function ask(address, query, signal) {
  if (!address) return "";
  const url = new URL(address, location.href);
  url.searchParams.set("q", query);
  const response = await fetch(url, { headers: { "HX-Request": "true" }, signal });
  return response.ok ? response.text() : "";
}

behaviour("[data-search]", (dialog) => {
  const input = dialog.querySelector("input");
  const results = dialog.querySelector(".command-results");
  let timer;
  let flight;

  function mark(step) {
    const hits = [...results.querySelectorAll("a.hit, .hit[href]")];
    const at = hits.findIndex((hit) => hit.classList.contains("active"));
    hits[at]?.classList.remove("active");
    const next = hits.at((at + step) % hits.length || 0);
    next?.classList.add("active");
    next?.scrollIntoView({ block: "nearest" });
  }

  async function search() {
    const query = input.value.trim();
    flight?.abort();
    flight = new AbortController();
    const { signal } = flight;
    dialog.setAttribute("aria-busy", "true");
    const found = commands(query.toLowerCase());
    const records = await ask(dialog.dataset.url, query, signal).catch(() => "");
    if (signal.aborted) return;
    dialog.removeAttribute("aria-busy");
    results.innerHTML = records;
    if (found.length) results[records.trim() ? "append" : "prepend"](section(found));
    if (!results.querySelector(".hit")) results.replaceChildren(make("p", { class: "empty small", text: text("nothing") }));
    else mark(1);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 90);
  });
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      mark(step);
    } else if (event.key === "Escape") {
      event.preventDefault();
      dialog.close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      results.querySelector(".hit.active")?.click();
    }
  });
  dialog.addEventListener("close", () => {
    input.value = "";
    results.replaceChildren();
  });
  new MutationObserver(() => dialog.open && search()).observe(dialog, { attributeFilter: ["open"] });
});
