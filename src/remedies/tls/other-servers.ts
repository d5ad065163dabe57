import type { ProductName } from "../../model/product.ts";
import { type RemedyTable, serverRemedy, settingsIn } from "../template.ts";
import {
  CERTIFICATE_FILES,
  FULL_CHAIN,
  PRIVATE_KEY,
  RESTART_AFTER_RENEWAL,
  UNNAMED_NOTE,
} from "./certificate-files.ts";
import { DATA_IN_CLEAR, REUSE_PROTECTS } from "./generic.ts";

const assign = settingsIn("the script that starts the server", " = ");
const sftpgo = settingsIn("sftpgo.json", ": ");
const NEVER_DEMANDS =
  "It never demands a resumed session on data connections: what refuses them stands in front of it, or the handshake fails for another reason.";
const AWS = "aws transfer update-server --server-id {transferServer}";
const awsReuse = (mode: string): string => `${AWS} --protocol-details TlsSessionResumptionMode=${mode}`;

/** Further servers under TLS: in code, in a file of their own, rented, or in a dialogue. */
export const otherTls: Partial<Record<ProductName, RemedyTable>> = {
  // docs/api.rst, TLS_FTPHandler
  pyftpdlib: {
    "tls-enable": [
      serverRemedy(
        [
          "Offers TLS: TLS_FTPHandler takes the place of FTPHandler (it needs PyOpenSSL), and keyfile is the key of certfile.",
          CERTIFICATE_FILES,
          UNNAMED_NOTE,
          "Then restart the script.",
        ],
        {
          config: [
            assign("handler", "TLS_FTPHandler"),
            assign("handler.certfile", `"${FULL_CHAIN}"`),
            assign("handler.keyfile", `"${PRIVATE_KEY}"`),
          ],
        },
      ),
    ],
    "tls-certificate": [
      serverRemedy(
        ["Gives pyftpdlib a certificate for {host}.", CERTIFICATE_FILES, UNNAMED_NOTE, RESTART_AFTER_RENEWAL],
        {
          config: [assign("handler.certfile", `"${FULL_CHAIN}"`), assign("handler.keyfile", `"${PRIVATE_KEY}"`)],
        },
      ),
    ],
    "prot-p": [
      serverRemedy(["Lets clients transfer without PROT P; then restart the script.", DATA_IN_CLEAR], {
        config: [assign("handler.tls_data_required", "False")],
      }),
    ],
    "session-reuse": [serverRemedy([NEVER_DEMANDS])],
    "tls-close-notify": [
      serverRemedy([
        "Bring pyftpdlib up to date: releases before 2.0 close data connections in ways that strict clients take for a cut.",
      ]),
    ],
  },
  // docs/full-configuration.md, ftpd bindings
  SFTPGo: {
    "session-reuse": [
      serverRemedy(["Lets clients in that open a new TLS session for each data connection.", REUSE_PROTECTS], {
        config: [sftpgo("ftpd.bindings[].tls_session_reuse", "0")],
      }),
    ],
    "tls-mode": [
      serverRemedy([
        "tls_mode of the binding: 0 explicit where clients ask for it, 1 explicit for all, 2 implicit; then restart SFTPGo.",
      ]),
    ],
    "tls-versions": [
      serverRemedy(["Lets SFTPGo speak TLS 1.2 and 1.3; then restart SFTPGo."], {
        config: [sftpgo("ftpd.bindings[].min_tls_version", "12")],
      }),
    ],
  },
  // docs.aws.amazon.com/transfer: API_ProtocolDetails
  "AWS Transfer Family": {
    "session-reuse": [
      serverRemedy(
        [
          "Lets clients in that open a new TLS session for each data connection, and resumes that of those that can (the service's default is ENFORCED).",
          REUSE_PROTECTS,
        ],
        { commands: [awsReuse("ENABLED")] },
      ),
    ],
    "tls-certificate": [
      serverRemedy([
        "Give the server a certificate of AWS Certificate Manager for the name that clients use (update-server --certificate), and let clients use that name in place of the server's endpoint.",
      ]),
    ],
    "tls-versions": [
      serverRemedy(["Takes a security policy of the present, from the next start of the server on."], {
        commands: [`${AWS} --security-policy-name TransferSecurityPolicy-2024-01`],
      }),
    ],
    "prot-p": [serverRemedy(["The service takes files under TLS alone: let the client send PBSZ 0 and PROT P."])],
  },
  // documentation.solarwinds.com: Serv-U
  "Serv-U": {
    "tls-masquerade": [
      serverRemedy(
        [
          "Names the public address under TLS alone; the NAT goes on putting it in where it can read.",
          "Then press Save; the names of the pages may differ in your version.",
        ],
        {
          config: [
            settingsIn("domain > Listeners > listener > PASV IP Address or Domain Name", ": ")(
              "PASV IP Address",
              "{publicAddress}",
            ),
            settingsIn("domain > Listeners > listener > PASV IP Address or Domain Name", ": ")(
              "Use only with SSL connections",
              "ticked",
            ),
          ],
        },
      ),
    ],
    "tls-certificate": [
      serverRemedy([
        "Choose certificate, key and CA file under Server (or Domain) Limits & Settings > Encryption; without them AUTH is answered `431 Unable to negotiate secure command connection.`",
      ]),
    ],
  },
  // docs.syncplify.com: FTP (E/S)
  Syncplify: {
    "tls-masquerade": [
      serverRemedy(["Names the public address under TLS alone; then save and restart the virtual site."], {
        config: [settingsIn("Site > Protocols > FTP(E/S) > Common", ": ")("External PASV IP (TLS)", "{publicAddress}")],
      }),
    ],
  },
  // ibm.com: IBM i, FTP
  "IBM i": {
    "tls-certificate": [
      serverRemedy(
        [
          "Assign a certificate to the application QIBM_QTMF_FTP_SERVER in the Digital Certificate Manager, then start the server again; without one AUTH is answered with 431.",
        ],
        { commands: ["ENDTCPSVR SERVER(*FTP)", "STRTCPSVR SERVER(*FTP)"] },
      ),
    ],
  },
  // learn.microsoft.com/azure/app-service/deploy-ftp
  "Azure App Service": {
    "tls-versions": [serverRemedy(["Set Configuration > General settings > Minimum TLS version (SCM) to 1.2."])],
  },
};
