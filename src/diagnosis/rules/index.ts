import type { Rule } from "../define-rule.ts";
import { algAddressMismatch } from "./alg-address-mismatch.ts";
import { algFiltersCommands } from "./alg-filters-commands.ts";
import { algNoEpsv } from "./alg-no-epsv.ts";
import { authRejected } from "./auth-rejected.ts";
import { clientNatMultiEgress } from "./client-nat-multi-egress.ts";
import { ctlAcceptedThenClosed } from "./ctl-accepted-then-closed.ts";
import { ctlBannerDelay } from "./ctl-banner-delay.ts";
import { ctlClientEgressBlocked } from "./ctl-client-egress-blocked.ts";
import { ctlClosedMidSession } from "./ctl-closed-mid-session.ts";
import { ctlRefused, ctlTimeout, ctlUnreachable } from "./ctl-connect.ts";
import { ctlDns } from "./ctl-dns.ts";
import { ctlIdleTimeout } from "./ctl-idle-timeout.ts";
import { ctlMaxPerIp } from "./ctl-max-per-ip.ts";
import { ctlNatIdleDrop } from "./ctl-nat-idle-drop.ts";
import { ctlNoBanner } from "./ctl-no-banner.ts";
import { ctlProtocolViolation } from "./ctl-protocol-violation.ts";
import { ctlTarpit } from "./ctl-tarpit.ts";
import { ctlTransparentProxy } from "./ctl-transparent-proxy.ts";
import { ctlWrongService } from "./ctl-wrong-service.ts";
import { dataAbortedByServer } from "./data-aborted-by-server.ts";
import { dataConnectNoData } from "./data-connect-no-data.ts";
import { dataFromOtherAddress } from "./data-from-other-address.ts";
import { dataPmtuBlackhole } from "./data-pmtu-blackhole.ts";
import { dataResetMidway } from "./data-reset-midway.ts";
import { dataTlsAlgBlind } from "./data-tls-alg-blind.ts";
import { dataTlsCloseNotifyMissing } from "./data-tls-close-notify-missing.ts";
import { dataTlsHandshakeBlocked } from "./data-tls-handshake-blocked.ts";
import { dataTlsLargeUpload } from "./data-tls-large-upload.ts";
import { dataTlsProtMismatch } from "./data-tls-prot-mismatch.ts";
import { dataTlsProtPRequired } from "./data-tls-prot-p-required.ts";
import { dataTlsResumeTls13 } from "./data-tls-resume-tls13.ts";
import { dataTlsSessionReuseRequired } from "./data-tls-session-reuse-required.ts";
import { eprtUnsupported } from "./eprt-unsupported.ts";
import { epsvRejected } from "./epsv-rejected.ts";
import { ipv6BrokenPath } from "./ipv6-broken-path.ts";
import { ipv6DataBlocked } from "./ipv6-data-blocked.ts";
import { ipv6NoEpsv } from "./ipv6-no-epsv.ts";
import { ipv6ProxyFamilyMismatch } from "./ipv6-proxy-family-mismatch.ts";
import { listCommandUnsupported } from "./list-command-unsupported.ts";
import { modeUnexplained } from "./mode-unexplained.ts";
import { modeUnsteady } from "./mode-unsteady.ts";
import { nat64NeedsEpsv } from "./nat64-needs-epsv.ts";
import { pasvAddressCdnOrLb } from "./pasv-address-cdn-or-lb.ts";
import { pasvAddressUnparsable } from "./pasv-address-unparsable.ts";
import { pasvAlgDrops227 } from "./pasv-alg-drops-227.ts";
import { pasvAlgReset } from "./pasv-alg-reset.ts";
import { pasvClientEgressBlocked } from "./pasv-client-egress-blocked.ts";
import { pasvConntrackHelperMissing } from "./pasv-conntrack-helper-missing.ts";
import { pasvContainerBridgeAddress } from "./pasv-container-bridge-address.ts";
import { pasvDisabled } from "./pasv-disabled.ts";
import { pasvHairpin } from "./pasv-hairpin.ts";
import { pasvLbOtherBackend } from "./pasv-lb-other-backend.ts";
import { pasvLoopbackOrZeroAddress } from "./pasv-loopback-or-zero-address.ts";
import { pasvMultiAddressServer } from "./pasv-multi-address-server.ts";
import { pasvPeerIpMismatch } from "./pasv-peer-ip-mismatch.ts";
import { pasvPortOutOfRange } from "./pasv-port-out-of-range.ts";
import { pasvPortRemapped } from "./pasv-port-remapped.ts";
import { pasvPortWrong } from "./pasv-port-wrong.ts";
import { pasvPortsFiltered } from "./pasv-ports-filtered.ts";
import { pasvPortsNotForwarded } from "./pasv-ports-not-forwarded.ts";
import { pasvPortsRefused } from "./pasv-ports-refused.ts";
import { pasvPortsRejected } from "./pasv-ports-rejected.ts";
import { pasvPrivateAddress } from "./pasv-private-address.ts";
import { pasvRangeExhausted } from "./pasv-range-exhausted.ts";
import { pasvRangePartlyOpen } from "./pasv-range-partly-open.ts";
import { pasvReplyUnparsable } from "./pasv-reply-unparsable.ts";
import { pasvServerListenFailed } from "./pasv-server-listen-failed.ts";
import { pasvWrongPublicAddress } from "./pasv-wrong-public-address.ts";
import { pathOrPermission } from "./path-or-permission.ts";
import { portAlgReset } from "./port-alg-reset.ts";
import { portClientFirewall } from "./port-client-firewall.ts";
import { portClientNatNoAlgTls } from "./port-client-nat-no-alg-tls.ts";
import { portDisabled } from "./port-disabled.ts";
import { portLowPortRefused } from "./port-low-port-refused.ts";
import { portPrivateAddress } from "./port-private-address.ts";
import { portServerEgressBlocked } from "./port-server-egress-blocked.ts";
import { authAnonymousTls, authTlsRequired } from "./refused-by-protection.ts";
import {
  authChrootWritableRoot,
  authHomeInaccessible,
  ctlMaxClients,
  ctlSourceBanned,
  srvSessionCrash,
} from "./refused-by-wording.ts";
import { replyDesync } from "./reply-desync.ts";
import { srvBindFailed } from "./srv-bind-failed.ts";
import { srvSlowListing } from "./srv-slow-listing.ts";
import { srvStalledAccept } from "./srv-stalled-accept.ts";
import { tlsAuthNonstandardReply } from "./tls-auth-nonstandard-reply.ts";
import { tlsCccMismatch } from "./tls-ccc-mismatch.ts";
import { tlsCertExpired } from "./tls-cert-expired.ts";
import { tlsCertName } from "./tls-cert-name.ts";
import { tlsCertUntrusted } from "./tls-cert-untrusted.ts";
import { tlsCipherMismatch } from "./tls-cipher-mismatch.ts";
import { tlsClientCertRequired } from "./tls-client-cert-required.ts";
import { tlsHandshakeClosed } from "./tls-handshake-closed.ts";
import { tlsHandshakeStall } from "./tls-handshake-stall.ts";
import { tlsModeMismatch } from "./tls-mode-mismatch.ts";
import { tlsNotConfigured } from "./tls-not-configured.ts";
import { tlsNotSupported } from "./tls-not-supported.ts";
import { tlsPlaintextInStream } from "./tls-plaintext-in-stream.ts";
import { tlsVersionMismatch } from "./tls-version-mismatch.ts";

/** Every rule, in the catalogue's order. Add a rule by one file here and one line below. */
export const rules: readonly Rule[] = [
  // A. Reaching the control port
  ctlDns,
  ctlRefused,
  ctlTimeout,
  ctlUnreachable,
  ctlClientEgressBlocked,
  ctlSourceBanned,
  ctlAcceptedThenClosed,
  ctlNoBanner,
  ctlBannerDelay,
  ctlTarpit,
  ctlWrongService,
  ctlTransparentProxy,
  replyDesync,
  ctlProtocolViolation,
  ctlMaxClients,
  ctlMaxPerIp,
  ctlIdleTimeout,
  ctlClosedMidSession,
  srvSessionCrash,
  ctlNatIdleDrop,
  // B. Login and authorisation
  authRejected,
  authHomeInaccessible,
  authChrootWritableRoot,
  authTlsRequired,
  authAnonymousTls,
  // C. TLS on the control channel
  tlsNotSupported,
  tlsNotConfigured,
  tlsAuthNonstandardReply,
  tlsModeMismatch,
  tlsVersionMismatch,
  tlsCipherMismatch,
  tlsCertUntrusted,
  tlsCertName,
  tlsCertExpired,
  tlsClientCertRequired,
  tlsHandshakeClosed,
  tlsHandshakeStall,
  tlsPlaintextInStream,
  tlsCccMismatch,
  // D. Passive mode: the advertised address
  pasvPrivateAddress,
  pasvWrongPublicAddress,
  pasvAddressCdnOrLb,
  pasvLoopbackOrZeroAddress,
  pasvContainerBridgeAddress,
  pasvAddressUnparsable,
  pasvHairpin,
  pasvMultiAddressServer,
  // E. Passive mode: the ports
  pasvPortsFiltered,
  pasvRangePartlyOpen,
  pasvPortOutOfRange,
  pasvPortsNotForwarded,
  pasvPortRemapped,
  pasvPortWrong,
  pasvPortsRefused,
  pasvPortsRejected,
  pasvClientEgressBlocked,
  pasvConntrackHelperMissing,
  pasvRangeExhausted,
  pasvServerListenFailed,
  pasvDisabled,
  pasvPeerIpMismatch,
  clientNatMultiEgress,
  pasvLbOtherBackend,
  dataFromOtherAddress,
  pasvReplyUnparsable,
  epsvRejected,
  // F. ALGs and inspection engines
  dataTlsAlgBlind,
  algAddressMismatch,
  algNoEpsv,
  algFiltersCommands,
  pasvAlgDrops227,
  pasvAlgReset,
  // G. Active mode
  portPrivateAddress,
  portClientFirewall,
  portClientNatNoAlgTls,
  portAlgReset,
  portDisabled,
  portLowPortRefused,
  portServerEgressBlocked,
  srvBindFailed,
  eprtUnsupported,
  // H. TLS on the data connection
  dataTlsSessionReuseRequired,
  dataTlsResumeTls13,
  dataTlsProtPRequired,
  dataTlsProtMismatch,
  dataTlsCloseNotifyMissing,
  dataTlsLargeUpload,
  dataTlsHandshakeBlocked,
  // I. During the transfer
  dataPmtuBlackhole,
  dataConnectNoData,
  dataResetMidway,
  dataAbortedByServer,
  srvSlowListing,
  srvStalledAccept,
  // J. IPv6 and translators
  ipv6BrokenPath,
  ipv6NoEpsv,
  ipv6DataBlocked,
  nat64NeedsEpsv,
  ipv6ProxyFamilyMismatch,
  // K. Looks like the network but is not
  pathOrPermission,
  listCommandUnsupported,
  // What shows only in several rounds
  modeUnsteady,
  // What no other rule speaks of
  modeUnexplained,
];

/** The rule of this id. */
export function ruleById(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id);
}
