/** Named checks a rule may ask for; the twin of each is in backend/detection/validators. */

import { AFRICA } from "./validators/africa.js";
import { AMERICAS } from "./validators/americas.js";
import { ASIA } from "./validators/asia.js";
import { ASIA_PACIFIC } from "./validators/asia_pacific.js";
import { CRYPTO } from "./validators/crypto.js";
import { DEVICES } from "./validators/devices.js";
import { EUROPE } from "./validators/europe.js";
import { EAST } from "./validators/europe_east.js";
import { NORDIC_BALTIC } from "./validators/europe_nordic_baltic.js";
import { SOUTH } from "./validators/europe_south.js";
import { UNION } from "./validators/europe_union.js";
import { WEST } from "./validators/europe_west.js";
import { FINANCE } from "./validators/finance.js";
import { HEALTH } from "./validators/health.js";
import { LATIN_AMERICA } from "./validators/latin_america.js";
import { NORTH_AMERICA } from "./validators/north_america.js";
import { OCEANIA } from "./validators/oceania.js";
import { SHAPES } from "./validators/shapes.js";
import { STANDARDS } from "./validators/standards.js";
import { TECHNICAL } from "./validators/technical.js";

/** @type {import("./validators/shared.js").Validators} */
export const VALIDATORS = { ...AFRICA, ...AMERICAS, ...ASIA, ...ASIA_PACIFIC, ...CRYPTO, ...DEVICES, ...EUROPE, ...EAST, ...NORDIC_BALTIC, ...SOUTH, ...UNION, ...WEST, ...FINANCE, ...HEALTH, ...LATIN_AMERICA, ...NORTH_AMERICA, ...OCEANIA, ...SHAPES, ...STANDARDS, ...TECHNICAL };
