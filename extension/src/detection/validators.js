/** Named checks a rule may ask for; the twin of each is in backend/detection/validators. */

import { AFRICA } from "./validators/africa.js";
import { AMERICAS } from "./validators/americas.js";
import { ASIA } from "./validators/asia.js";
import { ASIA_PACIFIC } from "./validators/asia_pacific.js";
import { CRYPTO } from "./validators/crypto.js";
import { DEVICES } from "./validators/devices.js";
import { EUROPE } from "./validators/europe.js";
import { FINANCE } from "./validators/finance.js";
import { HEALTH } from "./validators/health.js";
import { LATIN_AMERICA } from "./validators/latin_america.js";
import { NORTH_AMERICA } from "./validators/north_america.js";
import { OCEANIA } from "./validators/oceania.js";
import { SHAPES } from "./validators/shapes.js";
import { STANDARDS } from "./validators/standards.js";
import { TECHNICAL } from "./validators/technical.js";

/** @type {import("./validators/shared.js").Validators} */
export const VALIDATORS = { ...AMERICAS, ...ASIA_PACIFIC, ...EUROPE, ...FINANCE, ...HEALTH, ...TECHNICAL, ...AFRICA, ...ASIA, ...LATIN_AMERICA, ...NORTH_AMERICA, ...OCEANIA, ...CRYPTO, ...DEVICES, ...SHAPES, ...STANDARDS };
