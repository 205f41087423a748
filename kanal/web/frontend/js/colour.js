// [data-colour]: a colour is picked in the swatch or typed beside it; each follows the other. Only the text is sent.
import { behaviour } from "./connect.js";

behaviour("[data-colour]", (group) => {
  const swatch = group.querySelector("input[type=color]");
  const text = group.querySelector("input[type=text]");
  const follow = () => {
    if (/^#[0-9a-f]{6}$/i.test(text.value.trim())) swatch.value = text.value.trim();
    swatch.classList.toggle("blank", !text.value.trim());
  };
  swatch.addEventListener("input", () => {
    text.value = swatch.value;
    text.dispatchEvent(new Event("input", { bubbles: true }));
    follow();
  });
  text.addEventListener("input", follow);
  follow();
});
