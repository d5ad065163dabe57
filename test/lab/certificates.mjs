import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NAME, SERVER, SERVER_INSIDE, SERVER_V6 } from "./addresses.mjs";
import { runOrFail } from "./processes.mjs";

/**
 * What is right or wrong with a certificate:
 * - `good`: signed by the lab's own authority, for the server's name and addresses
 * - `expired`, `not-yet-valid`, `ending`: the same with other dates; `ending` is over in five days
 * - `wrong-name`: for another host
 * - `self-signed`: by nobody else
 * - `missing-intermediate`: signed by an intermediate that the server does not send
 * - `weak-key`, `tiny-key`: RSA of 1024 and of 512 bits
 * - `weak-signature`: signed with SHA-1
 * @typedef {keyof typeof KINDS} CertificateKind
 *
 * @typedef {object} Certificate
 * @property {string} file key and certificate in one file
 * @property {string} key
 * @property {string} certificate
 */

const DAY_MS = 86_400_000;
/** What a certificate is where its kind does not say otherwise. */
const USUAL = {
  names: [`DNS:${NAME}`, ...[SERVER, SERVER_V6, SERVER_INSIDE].map((address) => `IP:${address}`)],
  bits: 2048,
  digest: "sha256",
  fromDay: -2,
  toDay: 90,
  signer: /** @type {"authority" | "intermediate" | "itself"} */ ("authority"),
};

/** @satisfies {Record<string, Partial<typeof USUAL>>} */
const KINDS = {
  good: {},
  expired: { fromDay: -100, toDay: -3 },
  "not-yet-valid": { fromDay: 3 },
  ending: { fromDay: -85, toDay: 5 },
  "wrong-name": { names: ["DNS:node7.hosting.example"] },
  "self-signed": { signer: "itself" },
  "missing-intermediate": { signer: "intermediate" },
  "weak-key": { bits: 1024 },
  "tiny-key": { bits: 512 },
  "weak-signature": { digest: "sha1" },
};

/** The certificates of one run: made by openssl when they are first asked for, under an authority that the run makes for itself. */
export class Certificates {
  /** @type {Map<string, Promise<Certificate>>} */
  #made = new Map();
  /** @type {Promise<void> | null} */
  #begun = null;
  /** @type {Promise<string> | null} */
  #handedOut = null;

  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    /** The authority's own certificate: what `--ca-file` takes. */
    this.authority = join(folder, "authority/certificate.pem");
  }

  /** Waits until the authority is there: also a server without TLS is probed with `--ca-file`. */
  async ready() {
    this.#begun ??= this.#begin();
    await this.#begun;
  }

  /**
   * @param {CertificateKind} kind
   * @returns {Promise<Certificate>}
   */
  async of(kind) {
    await this.ready();
    const made = this.#made.get(kind) ?? this.#make(kind);
    this.#made.set(kind, made);
    return made;
  }

  /** A folder with `ca.pem`, as administrators hand it out: each issuer of a certificate here is in it, whichever a server has. */
  handedOut() {
    this.#handedOut ??= this.#handOut();
    return this.#handedOut;
  }

  async #handOut() {
    const { certificate } = await this.of("self-signed");
    const files = [this.authority, join(this.folder, "intermediate/certificate.pem"), certificate];
    const texts = await Promise.all(files.map((path) => readFile(path, "utf8")));
    const folder = join(this.folder, "handed-out");
    await mkdir(folder);
    await writeFile(join(folder, "ca.pem"), texts.join(""));
    return folder;
  }

  /** The authority, and an intermediate between it and a server. */
  async #begin() {
    await mkdir(this.folder, { recursive: true });
    await this.#sign("authority", { ...USUAL, names: [], fromDay: -400, toDay: 400, signer: "itself" }, true);
    await this.#sign("intermediate", { ...USUAL, names: [], fromDay: -300, toDay: 300 }, true);
  }

  /** @param {CertificateKind} kind */
  async #make(kind) {
    const folder = await this.#sign(kind, { ...USUAL, ...KINDS[kind] }, false);
    const key = join(folder, "key.pem");
    const certificate = join(folder, "certificate.pem");
    const file = join(folder, "all.pem");
    const texts = await Promise.all([key, certificate].map((path) => readFile(path, "utf8")));
    await writeFile(file, texts.join(""), { mode: 0o600 });
    return { file, key, certificate };
  }

  /**
   * Makes a key and has it certified. `openssl ca` is the one command that takes dates that have passed.
   * @param {string} name
   * @param {typeof USUAL} what
   * @param {boolean} mayCertify
   * @returns {Promise<string>} folder with `key.pem` and `certificate.pem`
   */
  async #sign(name, { names, bits, digest, fromDay, toDay, signer }, mayCertify) {
    const folder = join(this.folder, name);
    await mkdir(folder);
    await writeFile(join(folder, "index.txt"), "");
    await writeFile(join(folder, "openssl.cnf"), settings(folder, names, mayCertify));
    const subject = `/O=ftp-doctor lab/CN=${names.length === 0 ? `Lab ${name}` : (names[0] ?? "").replace("DNS:", "")}`;
    const at = (/** @type {string} */ file, from = name) => join(this.folder, from, file);
    // A security level of its own: the machine's may refuse to handle what is weak.
    const env = { ...process.env, OPENSSL_CONF: at("openssl.cnf") };
    const key = ["-newkey", `rsa:${bits}`, "-nodes", "-keyout", at("key.pem")];
    await runOrFail(["openssl", "req", "-new", ...key, "-subj", subject, "-out", at("request.pem")], { env });
    await chmod(at("key.pem"), 0o600);
    const by = signer === "itself" ? name : signer;
    const signed = signer === "itself" ? ["-selfsign"] : ["-cert", at("certificate.pem", by)];
    const dates = ["-startdate", day(fromDay), "-enddate", day(toDay)];
    const files = ["-keyfile", at("key.pem", by), "-in", at("request.pem"), "-out", at("certificate.pem")];
    await runOrFail(["openssl", "ca", "-batch", "-notext", "-md", digest, ...signed, ...dates, ...files], { env });
    return folder;
  }
}

/** @param {number} days from now */
function day(days) {
  const date = new Date(Date.now() + days * DAY_MS);
  return `${date.toISOString().slice(0, 19).replace(/[-:T]/g, "")}Z`;
}

/**
 * @param {string} folder
 * @param {readonly string[]} names
 * @param {boolean} mayCertify
 */
function settings(folder, names, mayCertify) {
  const extensions = mayCertify
    ? ["basicConstraints = critical,CA:TRUE", "keyUsage = critical,keyCertSign,cRLSign"]
    : ["basicConstraints = CA:FALSE", "extendedKeyUsage = serverAuth", `subjectAltName = ${names.join(",")}`];
  return `[req]
distinguished_name = nothing
[nothing]
[ca]
default_ca = lab
[lab]
database = ${folder}/index.txt
new_certs_dir = ${folder}
rand_serial = yes
policy = any
x509_extensions = extensions
unique_subject = no
[any]
organizationName = optional
commonName = optional
[extensions]
subjectKeyIdentifier = hash
${extensions.join("\n")}
`;
}

/**
 * OpenSSL's own settings for a program that takes no such settings itself, or not all.
 * @param {{ versions?: { from: string, to: string } | undefined, weak?: boolean, tickets?: number | undefined }} wanted `weak`: nothing is
 *   refused for being weak; `tickets`: how many a session of TLS 1.3 is given, where not OpenSSL's two
 */
export function opensslSettings({ versions, weak = false, tickets }) {
  const lines = [
    ...(versions === undefined ? [] : [`MinProtocol = ${versions.from}`, `MaxProtocol = ${versions.to}`]),
    ...(weak ? ["CipherString = ALL:@SECLEVEL=0"] : []),
    ...(tickets === undefined ? [] : [`NumTickets = ${tickets}`]),
  ];
  return `openssl_conf = init\n[init]\nssl_conf = ssl\n[ssl]\nsystem_default = settings\n[settings]\n${lines.join("\n")}\n`;
}
