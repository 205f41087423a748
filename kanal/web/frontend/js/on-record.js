// What the "+" menu begins on a record's page knows that record: its address is handed on as ?on=leads.42 (NAV-3, NAV-4).

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("#add-menu a[href]");
    const record = document.querySelector("[data-live-record]")?.dataset.liveOn;
    if (!link || !record) return;
    const url = new URL(link.href, location.href);
    url.searchParams.set("on", record);
    link.href = url.pathname + url.search;
  },
  true,
);
