import { serverRemedy } from "../template.ts";
import { otherTls } from "../tls/other-servers.ts";
import type { ServerSetUp } from "./set-up.ts";

const AWS_RESTART = [
  "aws transfer stop-server --server-id {transferServer}",
  "aws transfer start-server --server-id {transferServer}",
];

/** Services that one rents. */
export const cloudServices: readonly ServerSetUp[] = [
  {
    product: "AWS Transfer Family",
    label: "AWS Transfer Family",
    range: { from: 8192, to: 8200 },
    knownBy: "It is AWS Transfer Family where the passive ports are 8192 to 8200.",
    source: "docs.aws.amazon.com/transfer: API_ProtocolDetails",
    remedies: {
      ...otherTls["AWS Transfer Family"],
      "advertised-address": [
        serverRemedy(
          [
            "Makes the service name the address that clients reach in its answer to PASV, from the next start of the server on (`start-server` succeeds once it has stopped).",
            "The value 0.0.0.0 tells clients to use the address of the control connection.",
          ],
          {
            commands: [
              "aws transfer update-server --server-id {transferServer} --protocol-details PassiveIp={publicAddress}",
              ...AWS_RESTART,
            ],
          },
        ),
      ],
      "own-address": [
        serverRemedy(["Lets the service choose the address that it names in its answer to PASV."], {
          commands: [
            "aws transfer update-server --server-id {transferServer} --protocol-details PassiveIp=AUTO",
            ...AWS_RESTART,
          ],
        }),
      ],
      "passive-range": [
        serverRemedy([
          "The passive ports are fixed: 8192 to 8200. Open exactly these in security groups and firewalls.",
        ]),
      ],
      "start-service": [
        serverRemedy(["Starts the server."], { commands: ["aws transfer start-server --server-id {transferServer}"] }),
      ],
    },
  },
  {
    product: "Azure App Service",
    label: "Azure App Service",
    range: { from: 10001, to: 10300 },
    knownBy: "It is Azure App Service where the host name ends in azurewebsites.windows.net.",
    source: "learn.microsoft.com/azure/app-service/deploy-ftp",
    remedies: {
      ...otherTls["Azure App Service"],
      "advertised-address": [
        serverRemedy(["The service names its public address by itself: what changes it stands in between."]),
      ],
      "passive-range": [
        serverRemedy([
          "The passive ports are fixed (10001 to 10300 according to Microsoft): let clients reach them, beside 21 and 990.",
        ]),
      ],
      login: [
        serverRemedy([
          "The user name has the form app\\$app or app\\user; basic authentication for FTP must be allowed (Configuration > General settings > FTP state and FTP basic auth).",
        ]),
      ],
      "require-tls": [
        serverRemedy([
          "Set Configuration > General settings > FTP state from FTPS only to All allowed; better use FTPS.",
        ]),
      ],
    },
  },
];
