// A phone number that is dialled offers to log the call (NAV-4), on the record whose number it is.
import { on } from "./connect.js";
import { openDialog } from "./dialog.js";
import { told } from "./live.js";
import { toast } from "./toast.js";

/** Return the record that a link stands on as "leads.42", the row's before the page's; "" for none. */
function recordOf(link) {
  const row = link.closest("[data-record]");
  const list = document.querySelector("[data-live-list], [data-live-board]")?.dataset.liveOn;
  const page = document.querySelector("[data-live-record]")?.dataset.liveOn ?? "";
  return row && list ? `${list}.${row.dataset.record}` : page;
}

on("click", 'a[href^="tel:"]', (event, link) => {
  const url = new URL("/crm/activities/log-call", location.href);
  const record = recordOf(link);
  if (record) url.searchParams.set("on", record);
  url.searchParams.set("number", link.textContent.trim());
  const words = told("call", { name: link.textContent.trim() });
  if (words) toast(words, "info", { label: told("log"), act: () => openDialog(url) });
});
