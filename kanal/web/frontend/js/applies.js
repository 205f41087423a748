// [data-applies='{"type": ["company"]}']: a field that is there only while other fields of its form hold one of these values.
import { behaviour } from "./connect.js";

behaviour("[data-applies]", (field) => {
  const form = field.closest("form");
  const conditions = Object.entries(JSON.parse(field.dataset.applies));
  const update = () => {
    const applies = conditions.every(([name, values]) => {
      const control = form.elements[name];
      return !control || values.some((value) => String(value) === control.value);
    });
    field.hidden = !applies;
    for (const control of field.querySelectorAll("input, select, textarea")) control.disabled = !applies;
  };
  form.addEventListener("change", update);
  update();
});
