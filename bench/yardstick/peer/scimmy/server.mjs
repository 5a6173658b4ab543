// Serves the people of a file from memory with scimmy-routers.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const { BEARER, HOST = "127.0.0.1", PEOPLE, PORT } = process.env;
const people = new Map(JSON.parse(readFileSync(PEOPLE, "utf8")).map((person) => [person.id, person]));

const userNames = new Set([...people.values()].map((person) => person.userName.toLowerCase()));

function read(resource) {
  if (resource.id) {
    return people.get(resource.id);
  }
  const everybody = [...people.values()];
  return resource.filter ? resource.filter.match(everybody) : everybody;
}

function write(resource, sent) {
  const key = sent.userName.toLowerCase();
  if (!resource.id && userNames.has(key)) {
    throw new SCIMMY.Types.Error(409, "uniqueness", "userName is taken.");
  }
  userNames.add(key);
  const id = resource.id ?? randomUUID();
  const now = new Date();
  const created = people.get(id)?.meta.created ?? now;
  const person = { ...sent, id, meta: { created, lastModified: now } };
  people.set(id, person);
  return person;
}

SCIMMY.Resources.declare(SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser), {
  egress: read,
  ingress: write,
  degress: (resource) => people.delete(resource.id),
});

function authenticate(request) {
  if (request.header("Authorization") !== `Bearer ${BEARER}`) {
    throw new Error("Unknown bearer token.");
  }
  return "Directory";
}

// SCIMMY leaves numbers alone that are still text, and would answer with the first twenty people.
function parsed(query) {
  const numbers = ["startIndex", "count"];
  const pairs = [...new URLSearchParams(query)];
  return Object.fromEntries(pairs.map(([name, value]) => [name, numbers.includes(name) ? Number(value) : value]));
}

const app = express();
app.set("query parser", parsed);
app.use("/scim/v2", new SCIMMYRouters({ type: "bearer", handler: authenticate }));
app.listen(Number(PORT), HOST);
