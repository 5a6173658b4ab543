// Sends the form of an undo that goes on, so that nobody has to press Continue.
document.querySelector("form[data-continue]")?.requestSubmit();
