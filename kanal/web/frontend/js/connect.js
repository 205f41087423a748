// The one loop that starts behaviours: each names a selector and gets every matching element once, however it came to the page.
const behaviours = [];
const started = new WeakMap();

/** Run `start(element)` once for each element that matches, now and later. */
export function behaviour(selector, start) {
  behaviours.push({ selector, start });
}

function startOn(element, { selector, start }) {
  const done = started.get(element) ?? new Set();
  if (done.has(selector)) return;
  started.set(element, done.add(selector));
  start(element);
}

function scan(root) {
  for (const each of behaviours) {
    if (root.matches?.(each.selector)) startOn(root, each);
    for (const element of root.querySelectorAll(each.selector)) startOn(element, each);
  }
}

/** Start all behaviours on the page and watch for what comes later. */
export function connect() {
  scan(document);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node.nodeType === 1 && node.isConnected) scan(node);
  }).observe(document.documentElement, { childList: true, subtree: true });
}

/** Listen on the document for an event on elements that match a selector. */
export function on(type, selector, handle, options) {
  document.addEventListener(
    type,
    (event) => {
      const element = event.target.closest?.(selector);
      if (element) handle(event, element);
    },
    options,
  );
}
