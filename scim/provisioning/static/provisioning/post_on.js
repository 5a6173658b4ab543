// Sends a form that goes on with what the request before it did not get to.
"use strict";

document.querySelectorAll("form[data-post-on]").forEach((form) => form.submit());
