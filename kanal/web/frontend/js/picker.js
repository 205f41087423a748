// select[data-picker] becomes an accessible combobox: type to search (data-url, or the select's own options), one value or chips.
// The select stays in the form and holds the value, so the form works the same without scripts.
import { behaviour } from "./connect.js";
import { openDialog } from "./dialog.js";
import { place } from "./place.js";
import { icon, make, text } from "./texts.js";

let count = 0;

/** Reads the candidates of a picker: from the server, or from the options that stand in the select. */
function source(select) {
  let flight;
  const own = [...select.options].filter((option) => option.value).map((option) => ({ id: option.value, label: option.text }));
  return async (query) => {
    if (!select.dataset.url) return own.filter(({ label }) => label.toLowerCase().includes(query.toLowerCase()));
    flight?.abort();
    flight = new AbortController();
    const url = new URL(select.dataset.url, location.href);
    url.searchParams.set("q", query);
    try {
      const response = await fetch(url, { headers: { Accept: "application/json" }, signal: flight.signal, credentials: "same-origin" });
      return response.ok ? (await response.json()).items : null;
    } catch {
      return null;
    }
  };
}

class Picker {
  constructor(select) {
    this.select = select;
    this.multiple = select.multiple;
    this.find = source(select);
    this.active = -1;
    this.items = [];
    this.#build();
    this.#listen();
    this.#show();
  }

  #build() {
    const { select } = this;
    const id = select.id || `picker-${++count}`;
    const disabled = select.disabled || undefined;
    const describedBy = select.getAttribute("aria-describedby") ?? undefined;
    this.list = make("ul", { class: "picker-list", role: "listbox", id: `${id}-list`, popover: "manual", "aria-label": select.getAttribute("aria-label") ?? select.labels?.[0]?.textContent.trim() ?? "" });
    this.input = make("input", {
      type: "text", id, role: "combobox", autocomplete: "off", spellcheck: "false", disabled, placeholder: select.dataset.placeholder,
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, "aria-describedby": describedBy,
      "aria-required": select.required || undefined, "aria-invalid": select.getAttribute("aria-invalid") ?? undefined, "aria-label": select.getAttribute("aria-label") ?? undefined,
    });
    this.clear = make("button", { type: "button", class: "picker-clear", tabindex: "-1", "aria-label": text("clear"), title: text("clear") }, icon("x"));
    this.side = make("span", { class: "picker-side" }, this.clear, icon("chevron-down"));
    this.control = make("div", { class: "control", "aria-invalid": select.getAttribute("aria-invalid") ?? undefined }, this.input, this.side);
    this.root = make("div", { class: "picker" });
    select.removeAttribute("id");
    select.required = false;
    const hadFocus = document.activeElement === select;
    select.replaceWith(this.root);
    this.root.append(select, this.control, this.list);
    if (hadFocus) this.input.focus();
  }

  #chosen() {
    return [...this.select.selectedOptions].filter((option) => option.value);
  }

  #show() {
    const chosen = this.#chosen();
    this.control.querySelectorAll(".chip").forEach((chip) => chip.remove());
    if (this.multiple) {
      for (const option of chosen) {
        const cross = make("button", { type: "button", "aria-label": `${text("remove")}: ${option.text}` }, icon("x"));
        cross.addEventListener("click", () => this.#choose({ id: option.value, label: option.text }));
        this.input.before(make("span", { class: "chip" }, make("span", { text: option.text }), cross));
      }
      this.input.value = "";
      this.input.placeholder = chosen.length ? "" : (this.select.dataset.placeholder ?? "");
    } else this.input.value = chosen[0]?.text ?? "";
    this.clear.hidden = !chosen.length || this.input.disabled;
  }

  #choose(item) {
    const { select } = this;
    let option = [...select.options].find((each) => each.value === String(item.id));
    if (!option) select.append((option = new Option(item.label, item.id)));
    if (this.multiple) option.selected = !option.selected;
    else select.value = String(item.id);
    this.#close();
    this.#show();
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async #open(query = "") {
    const ticket = (this.ticket = Symbol("search"));
    const items = await this.find(query);
    if (ticket !== this.ticket || items === null || !this.root.contains(document.activeElement)) return;
    this.items = items;
    if (this.select.dataset.createUrl) this.items = [...items, { create: true, label: this.select.dataset.createLabel }];
    this.list.replaceChildren(...this.items.map((item, index) => this.#row(item, index)));
    if (!items.length) this.list.prepend(make("li", { class: "note", role: "option", "aria-disabled": "true", "aria-selected": "false", text: text("nothing") }));
    if (!this.list.matches(":popover-open")) this.list.showPopover();
    place(this.list, this.control.getBoundingClientRect(), { width: 220 });
    this.input.setAttribute("aria-expanded", "true");
    const at = query && items.length ? 0 : this.items.findIndex((item) => this.#isChosen(item));
    this.active = -1;
    if (at >= 0) this.#mark(at);
  }

  #isChosen(item) {
    return this.#chosen().some((option) => option.value === String(item.id));
  }

  #row(item, index) {
    const row = make("li", { role: "option", id: `${this.list.id}-${index}`, "aria-selected": this.#isChosen(item) });
    if (item.create) row.classList.add("create");
    row.append(...(item.create ? [icon("plus")] : []), make("span", { class: "grow", text: item.label }));
    if (item.hint) row.append(make("span", { class: "hint", text: item.hint }));
    if (this.#isChosen(item)) row.append(icon("check"));
    row.addEventListener("pointerdown", (event) => event.preventDefault());
    row.addEventListener("click", () => this.#take(item));
    return row;
  }

  #take(item) {
    if (!item.create) return this.#choose(item);
    this.#close();
    openDialog(new URL(this.select.dataset.createUrl, location.href)).then(() => {
      document.addEventListener("picker:created", ({ detail }) => this.#choose(detail), { once: true });
    });
  }

  #mark(index) {
    const rows = [...this.list.querySelectorAll("[role=option]:not(.note)")];
    if (!rows.length) return;
    rows[this.active]?.classList.remove("active");
    this.active = (index + rows.length) % rows.length;
    rows[this.active].classList.add("active");
    rows[this.active].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", rows[this.active].id);
  }

  #close() {
    this.ticket = undefined;
    this.search = undefined;
    clearTimeout(this.timer);
    if (this.list.matches(":popover-open")) this.list.hidePopover();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.active = -1;
  }

  #isOpen() {
    return this.list.matches(":popover-open");
  }

  /** Take the marked row; when the answer is still on its way, wait for it. */
  async #enter() {
    const wanted = this.search;
    if (wanted) await wanted();
    if (this.items[this.active]) this.#take(this.items[this.active]);
  }

  #keydown(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (this.#isOpen()) this.#mark(Math.max(this.active, step < 0 ? 0 : -1) + step);
      else this.#open();
    } else if (event.key === "Enter" && (this.search || this.#isOpen())) {
      event.preventDefault();
      this.#enter();
    } else if (event.key === "Escape" && this.#isOpen()) {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
      this.#show();
    } else if (event.key === "Backspace" && this.multiple && !this.input.value && this.#chosen().length) {
      const last = this.#chosen().at(-1);
      this.#choose({ id: last.value, label: last.text });
    }
  }

  #listen() {
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      let running;
      this.search = () => (running ??= this.#open(this.input.value.trim()).then(() => (this.search = undefined)));
      this.timer = setTimeout(this.search, this.select.dataset.url ? 120 : 0);
    });
    this.input.addEventListener("keydown", (event) => this.#keydown(event));
    this.input.addEventListener("click", () => !this.#isOpen() && this.#open());
    this.input.addEventListener("focus", () => !this.multiple && this.input.select());
    this.input.addEventListener("blur", () => {
      if (!this.multiple && this.input.value.trim() === "" && this.#chosen().length) this.#empty();
      this.#close();
      this.#show();
    });
    this.control.addEventListener("pointerdown", (event) => {
      if (event.target !== this.control) return;
      event.preventDefault();
      this.input.focus();
    });
    this.clear.addEventListener("click", () => {
      this.#empty();
      this.input.focus();
    });
    this.select.form?.addEventListener("reset", () => setTimeout(() => this.#show()));
    addEventListener("scroll", () => this.#isOpen() && place(this.list, this.control.getBoundingClientRect(), { width: 220 }), { passive: true, capture: true });
  }

  #empty() {
    for (const option of this.select.options) option.selected = false;
    if (!this.multiple) this.select.value = "";
    this.#show();
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

behaviour("select[data-picker]", (select) => new Picker(select));
