// What a compact total consists of ([data-parts], one amount a line) shows on hover, focus and click, and goes on Escape.
import { on } from "./connect.js";
import { place } from "./place.js";
import { make } from "./texts.js";

let box;
let leaving;

function show(total) {
  clearTimeout(leaving);
  box ??= document.body.appendChild(make("div", { class: "total-parts", popover: "manual", "aria-hidden": "true" }));
  box.textContent = total.dataset.parts;
  box.showPopover();
  place(box, total.getBoundingClientRect());
}

function hide() {
  clearTimeout(leaving);
  if (box?.matches(":popover-open")) box.hidePopover();
}

for (const type of ["pointerover", "focusin", "click"]) on(type, "[data-parts]", (event, total) => show(total));
on("pointerover", ".total-parts", () => clearTimeout(leaving));
on("pointerout", "[data-parts], .total-parts", () => (leaving = setTimeout(hide, 250))); // time to move onto the amounts
on("focusout", "[data-parts]", hide);
addEventListener("scroll", hide, { capture: true, passive: true });
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
