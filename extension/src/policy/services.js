/** How an AI service stands now: a decision may end by itself, and browsers obey that to the second. */

/** @typedef {{id: string, name: string, hosts: string[], status: string, until?: string, otherwise?: string}} Service */

/**
 * Return the AI service of a host; a host below a listed one counts as that one, the nearest first.
 *
 * @template {Service} One
 * @param {One[]} services
 * @param {string} host
 * @returns {One | undefined}
 */
export function serviceOf(services, host) {
  let found;
  let longest = 0;
  for (const service of services) {
    for (const name of service.hosts) {
      if (name.length > longest && (host === name || host.endsWith(`.${name}`))) [found, longest] = [service, name.length];
    }
  }
  return found;
}

/**
 * @param {Service | undefined} service
 * @param {number} moment Milliseconds since 1970.
 */
export function statusAt(service, moment) {
  if (!service) return "unknown";
  return service.until && service.otherwise && moment >= Date.parse(service.until) ? service.otherwise : service.status;
}
