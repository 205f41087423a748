// Tabs are links; arrow keys move along them, Enter follows.
import { behaviour } from "./connect.js";

behaviour("[data-tabs]", (list) => {
  list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest", inline: "center" });
  list.addEventListener("keydown", (event) => {
    const tabs = [...list.querySelectorAll('[role="tab"]')];
    const at = tabs.indexOf(document.activeElement);
    const step = document.dir === "rtl" ? -1 : 1;
    const next = { ArrowRight: at + step, ArrowLeft: at - step, Home: 0, End: -1 }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    tabs.at(next % tabs.length).focus();
  });
});
