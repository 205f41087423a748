// form[data-currency-from="account"]: amounts of a new record take the currency of what is chosen there, until one chooses it by hand.
import { behaviour } from "./connect.js";
import { make } from "./texts.js";

/** Ask which currency the form's choices mean; nothing where that can't be told now. */
async function ask(form, names) {
  const url = new URL(form.action || location.href, location.href);
  url.searchParams.set("part", "currency");
  for (const name of names) url.searchParams.set(name, form.elements[name]?.value ?? "");
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

function tell(select, text) {
  const group = select.closest(".input-group");
  let line = group.nextElementSibling;
  if (!line?.matches("[data-currency-note]")) {
    line = make("p", { class: "field-help", "data-currency-note": "", role: "status" });
    group.after(line);
  }
  line.textContent = text;
}

behaviour("form[data-currency-from]", (form) => {
  const names = form.dataset.currencyFrom.split(" ");
  const chosen = new WeakSet();
  let asked = 0;
  const controls = () => [...form.querySelectorAll("select[name$=_currency]")].filter((one) => !chosen.has(one));
  form.addEventListener("change", async ({ target }) => {
    if (target.matches("select[name$=_currency]")) return void chosen.add(target);
    if (!names.includes(target.name)) return;
    const number = (asked += 1);
    const answer = await ask(form, names);
    if (!answer || number !== asked) return; // an answer to an earlier choice may come last
    for (const select of controls()) {
      if (![...select.options].some((option) => option.value === answer.currency)) continue;
      select.value = answer.currency;
      tell(select, answer.note);
    }
  });
});
