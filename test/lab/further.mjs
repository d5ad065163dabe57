import { ALL_WORK, inClear } from "./scenario.mjs";

/**
 * A server of the second set: in order, but not all of them know every command.
 * @typedef {object} Further
 * @property {import("./servers.mjs").Server["product"]} product
 * @property {string} called name under which the tool must recognise it
 * @property {Record<string, import("./scenario.mjs").ModeResult>} able what it does where nothing is wrong
 * @property {string[]} lacks ids of the notices that its own limits are worth
 * @property {string[]} [asked] options with which it is probed in every world
 */

/** @type {readonly Further[]} */
const FURTHER = [
  { product: "pyftpdlib", called: "pyftpdlib", able: ALL_WORK, lacks: [] },
  { product: "inetutils-ftpd", called: "inetutils ftpd", able: ALL_WORK, lacks: [] },
  {
    product: "ftpd-ssl",
    called: "BSD ftpd",
    // It takes its IPv4 visitors for IPv6 ones, and EPRT with an IPv4 address for a mistake.
    able: inClear({ epsv: "works", pasv: "works", port: "works" }),
    lacks: ["eprt-unsupported"],
    // Without a certificate it is in order in clear text alone; ftpd-ssl-tls-no-certificate asks for the rest.
    asked: ["--security", "none", "--allow-cleartext"],
  },
  { product: "aioftp", called: "aioftp", able: inClear({ epsv: "works", pasv: "works" }), lacks: ["port-disabled"] },
  {
    product: "twisted",
    called: "Twisted",
    able: inClear({ pasv: "works", port: "works" }),
    lacks: ["epsv-rejected", "eprt-unsupported"],
  },
  { product: "ftp-srv", called: "ftp-srv", able: ALL_WORK, lacks: [] },
];

/**
 * The same scenario with each of the further servers, or with some; the product stands before its name.
 * @param {(further: Further) => import("./scenario.mjs").Scenario} make
 * @param {string[]} [only] products
 */
export function withEachFurther(make, only = FURTHER.map(({ product }) => product)) {
  return FURTHER.filter(({ product }) => only.includes(product)).map((further) => {
    const scenario = make(further);
    const { product, called, asked = [] } = further;
    const options = [...asked, ...(scenario.options ?? [])];
    return { ...scenario, options, name: `${product}-${scenario.name}`, title: `${called}: ${scenario.title}` };
  });
}
