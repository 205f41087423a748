// Where a floating box goes: beside its anchor, inside the window.
const gap = 4;
const margin = 8;

/** Put a fixed box below (or above) an anchor rectangle, aligned to its start or, when there is no room, its end. */
export function place(box, anchor, { width } = {}) {
  if (width) box.style.width = `${Math.max(anchor.width, width)}px`;
  const { offsetWidth: wide, offsetHeight: high } = box;
  const rtl = document.dir === "rtl";
  let left = rtl ? anchor.right - wide : anchor.left;
  if (left + wide > innerWidth - margin) left = anchor.right - wide;
  const below = anchor.bottom + gap;
  const above = anchor.top - gap - high;
  const top = below + high <= innerHeight - margin || above < margin ? Math.min(below, Math.max(margin, innerHeight - high - margin)) : above;
  box.style.left = `${Math.max(margin, Math.min(left, innerWidth - wide - margin))}px`;
  box.style.top = `${top}px`;
}

/** Return a rectangle of no size at a point, for menus at the pointer. */
export function pointAt(x, y) {
  return { left: x, right: x, top: y, bottom: y, width: 0, height: 0 };
}
