/** Asking to use an AI service: this person's requests, and the services there are to ask for. */

import { call } from "./connection.js";
import { statusAt } from "../policy/services.js";

/** @typedef {import("../messages.js").ServiceRequest} ServiceRequest */
/** @typedef {import("../messages.js").Service} Service */

const MOST = 20;
const USABLE = new Set(["approved", "tolerated"]);

/** @returns {Promise<ServiceRequest[]>} */
export async function serviceRequests() {
  const page = await (await call(`/service-requests?limit=${MOST}`)).json();
  return page.items.map((/** @type {any} */ { id, service, service_name, state, decision, ends_at }) => ({ id, name: service_name ?? service, state, decision: decision ?? "", endsAt: ends_at }));
}

/**
 * Ask by the name people know, or by a host.
 *
 * @param {Service[]} services
 * @param {{service: string, reason: string, days: number}} wish
 */
export async function askForService(services, { service, reason, days }) {
  const wanted = service.trim().toLowerCase();
  const named = services.find(({ name }) => name.toLowerCase() === wanted);
  await call("/service-requests", { method: "POST", body: { service: named?.id ?? wanted, reason: reason.trim(), days } });
}

/**
 * Return the names of services that somebody could ask for.
 *
 * @param {Service[]} services
 */
export const askable = (services) => services.filter((service) => !USABLE.has(statusAt(service, Date.now()))).map(({ name }) => name);
