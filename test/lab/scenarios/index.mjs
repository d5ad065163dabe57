import active from "./active.mjs";
import activePath from "./active-path.mjs";
import addresses from "./addresses.mjs";
import backends from "./backends.mjs";
import clientSide from "./client-side.mjs";
import control from "./control.mjs";
import controlPath from "./control-path.mjs";
import estimates from "./estimates.mjs";
import furtherServers from "./further-servers.mjs";
import furtherServersNetwork from "./further-servers-network.mjs";
import healthy from "./healthy.mjs";
import healthyVariants from "./healthy-variants.mjs";
import helper from "./helper.mjs";
import ipv6 from "./ipv6.mjs";
import limits from "./limits.mjs";
import login from "./login.mjs";
import middleboxes from "./middleboxes.mjs";
import passiveAddress from "./passive-address.mjs";
import passivePorts from "./passive-ports.mjs";
import path from "./path.mjs";
import ports from "./ports.mjs";
import range from "./range.mjs";
import remapped from "./remapped.mjs";
import rounds from "./rounds.mjs";
import scriptedGreetings from "./scripted-greetings.mjs";
import scriptedSessions from "./scripted-sessions.mjs";
import serverSettings from "./server-settings.mjs";
import tlsCcc from "./tls-ccc.mjs";
import tlsCertificates from "./tls-certificates.mjs";
import tlsDevices from "./tls-devices.mjs";
import tlsHealthy from "./tls-healthy.mjs";
import tlsNetwork from "./tls-network.mjs";
import tlsPolicy from "./tls-policy.mjs";
import tlsResumption from "./tls-resumption.mjs";
import tlsScripted from "./tls-scripted.mjs";
import tlsUploads from "./tls-uploads.mjs";
import twoFaults from "./two-faults.mjs";

/** All scenarios, in the order in which they are listed. @type {import("../scenario.mjs").Scenario[]} */
export const SCENARIOS = [
  ...healthy,
  ...passiveAddress,
  ...passivePorts,
  ...active,
  ...control,
  ...login,
  ...serverSettings,
  ...furtherServers,
  ...helper,
  ...clientSide,
  ...backends,
  ...rounds,
  ...limits,
  ...path,
  ...furtherServersNetwork,
  ...controlPath,
  ...addresses,
  ...ipv6,
  ...range,
  ...estimates,
  ...ports,
  ...remapped,
  ...activePath,
  ...twoFaults,
  ...scriptedGreetings,
  ...scriptedSessions,
  ...middleboxes,
  ...healthyVariants,
  ...tlsHealthy,
  ...tlsCertificates,
  ...tlsPolicy,
  ...tlsNetwork,
  ...tlsDevices,
  ...tlsScripted,
  ...tlsCcc,
  ...tlsResumption,
  ...tlsUploads,
];

const names = SCENARIOS.map(({ name }) => name);
const doubled = names.find((name, index) => names.indexOf(name) !== index);
if (doubled !== undefined) throw new Error(`two scenarios are called ${doubled}`);
