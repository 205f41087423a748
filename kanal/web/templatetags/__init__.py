"""Template filters of the design system; nothing of the business."""
