// The boxes of Select2 have no name of their own, and none at all while nothing is chosen: they get the label's.
// jQuery calls in the order of asking, so this comes after Django has made the boxes.
django.jQuery(() => {
  for (const field of document.querySelectorAll("select.select2-hidden-accessible")) {
    const [label] = field.labels;
    const box = field.nextElementSibling?.querySelector(".select2-selection");
    const chosen = box?.querySelector(".select2-selection__rendered");
    if (!label || !chosen) continue;
    label.id ||= `${field.id}_label`;
    box.setAttribute("aria-labelledby", `${label.id} ${chosen.id}`);
    chosen.setAttribute("aria-labelledby", label.id);
  }
});
