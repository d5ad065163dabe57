import type { Rule } from "../define-rule.ts";
import { algNoEpsv } from "./alg-no-epsv.ts";
import { dataAbortedByServer } from "./data-aborted-by-server.ts";
import { dataConnectNoData } from "./data-connect-no-data.ts";
import { dataResetMidway } from "./data-reset-midway.ts";
import { eprtUnsupported } from "./eprt-unsupported.ts";
import { epsvRejected } from "./epsv-rejected.ts";
import { ipv6DataBlocked } from "./ipv6-data-blocked.ts";
import { ipv6NoEpsv } from "./ipv6-no-epsv.ts";
import { pasvAddressUnparsable } from "./pasv-address-unparsable.ts";
import { pasvAlgDrops227 } from "./pasv-alg-drops-227.ts";
import { pasvContainerBridgeAddress } from "./pasv-container-bridge-address.ts";
import { pasvDisabled } from "./pasv-disabled.ts";
import { pasvHairpin } from "./pasv-hairpin.ts";
import { pasvLoopbackOrZeroAddress } from "./pasv-loopback-or-zero-address.ts";
import { pasvPeerIpMismatch } from "./pasv-peer-ip-mismatch.ts";
import { pasvPortsFiltered } from "./pasv-ports-filtered.ts";
import { pasvPortsRefused } from "./pasv-ports-refused.ts";
import { pasvPortsRejected } from "./pasv-ports-rejected.ts";
import { pasvPrivateAddress } from "./pasv-private-address.ts";
import { pasvRangePartlyOpen } from "./pasv-range-partly-open.ts";
import { pasvReplyUnparsable } from "./pasv-reply-unparsable.ts";
import { pasvServerListenFailed } from "./pasv-server-listen-failed.ts";
import { pasvWrongPublicAddress } from "./pasv-wrong-public-address.ts";
import { portClientFirewall } from "./port-client-firewall.ts";
import { portDisabled } from "./port-disabled.ts";
import { portPrivateAddress } from "./port-private-address.ts";
import { srvBindFailed } from "./srv-bind-failed.ts";

/** Every rule, in the catalogue's order. Add a rule by one file here and one line below. */
export const rules: readonly Rule[] = [
  // A. Reaching the control port
  // B. Login and authorisation
  // D. Passive mode: the advertised address
  pasvPrivateAddress,
  pasvWrongPublicAddress,
  pasvLoopbackOrZeroAddress,
  pasvContainerBridgeAddress,
  pasvAddressUnparsable,
  pasvHairpin,
  // E. Passive mode: the ports
  pasvPortsFiltered,
  pasvRangePartlyOpen,
  pasvPortsRefused,
  pasvPortsRejected,
  pasvServerListenFailed,
  pasvDisabled,
  pasvPeerIpMismatch,
  pasvReplyUnparsable,
  epsvRejected,
  // F. ALGs and inspection engines
  algNoEpsv,
  pasvAlgDrops227,
  // G. Active mode
  portPrivateAddress,
  portClientFirewall,
  portDisabled,
  srvBindFailed,
  eprtUnsupported,
  // I. During the transfer
  dataConnectNoData,
  dataResetMidway,
  dataAbortedByServer,
  // J. IPv6 and translators
  ipv6NoEpsv,
  ipv6DataBlocked,
  // K. Looks like the network but is not
];

/** The rule of this id. */
export function ruleById(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id);
}
