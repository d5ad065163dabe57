import { describe, expect, it } from "vitest";
import { banners } from "../../src/fingerprint/banners.ts";
import { furtherWordings } from "../../src/fingerprint/further-wordings.ts";
import { recognise, recognisePanel, type Signs } from "../../src/fingerprint/recognise.ts";
import { hostNames, systems } from "../../src/fingerprint/systems.ts";
import { widespreadWordings } from "../../src/fingerprint/widespread-wordings.ts";
import { PRODUCT_NAMES } from "../../src/model/product.ts";

function signs(given: {
  greeting?: string[];
  replies?: [command: string, ...lines: string[]][];
  features?: string[];
  syst?: string;
  host?: string;
}): Signs {
  return {
    greeting: given.greeting ?? null,
    replies: (given.replies ?? []).map(([command, ...lines]) => ({
      command,
      code: Number.parseInt(lines[0] ?? "", 10),
      lines,
    })),
    features: given.features ?? null,
    syst: given.syst ?? null,
    ...(given.host === undefined ? {} : { host: given.host }),
  };
}

const vsftpdLogin: [string, ...string[]][] = [
  ["USER anonymous", "331 Please specify the password."],
  ["PASS ***", "230 Login successful."],
];

/** Sessions as the servers themselves speak; each must be named with certainty. */
const sessions: [expected: string, version: string | null, Signs][] = [
  [
    "Twisted",
    "22.4.0",
    signs({
      greeting: ["220 Twisted 22.4.0 FTP Server"],
      replies: [["USER anonymous", "331 Guest login ok, type your email address as password."]],
    }),
  ],
  ["vsftpd", "3.0.3", signs({ greeting: ["220 (vsFTPd 3.0.3)"], replies: vsftpdLogin })],
  [
    "vsftpd",
    null,
    signs({
      greeting: ["220 Welcome to our files"],
      replies: [...vsftpdLogin, ["LIST", "150 Here comes the directory listing."]],
    }),
  ],
  [
    "Pure-FTPd",
    null,
    signs({
      greeting: [
        "220---------- Welcome to Pure-FTPd [privsep] [TLS] ----------",
        "220-You are user number 1 of 50 allowed.",
        "220 You will be disconnected after 15 minutes of inactivity.",
      ],
      replies: [["USER web1", "331 User web1 OK. Password required"]],
    }),
  ],
  [
    "Pure-FTPd",
    null,
    signs({
      greeting: ["220 Bienvenue"],
      replies: [
        ["PASS", "230 OK. Current restricted directory is /"],
        ["EPSV", "229 Extended Passive mode OK (|||40007|)"],
      ],
    }),
  ],
  [
    "ProFTPD",
    "1.3.5",
    signs({
      greeting: ["220 ProFTPD 1.3.5 Server (Debian) [10.0.0.2]"],
      replies: [["LIST", "150 Opening ASCII mode data connection for file list"]],
    }),
  ],
  [
    "ProFTPD",
    null,
    signs({
      greeting: ["220 ProFTPD Server (Debian) [::ffff:10.0.0.2]"],
      replies: [
        ["USER web1", "331 Password required for web1"],
        ["PASS", "230 User web1 logged in"],
      ],
    }),
  ],
  [
    "QNAP",
    "1.3.5a",
    signs({
      greeting: ["220 NASFTPD Turbo station 1.3.5a Server (ProFTPD) [192.168.1.100]"],
      replies: [["FOO", "500 FOO not understood"]],
    }),
  ],
  [
    "FileZilla Server 0.9",
    "0.9.41 beta",
    signs({
      greeting: [
        "220-FileZilla Server version 0.9.41 beta",
        "220 Please visit http://sourceforge.net/projects/filezilla/",
      ],
      replies: [["PASS", "230 Logged on"]],
      syst: "215 UNIX emulated by FileZilla",
    }),
  ],
  [
    "FileZilla Server",
    "1.8.1",
    signs({
      greeting: ["220-FileZilla Server 1.8.1", "220 Please visit https://filezilla-project.org/"],
      replies: [["USER a", "331 Please, specify the password."]],
    }),
  ],
  [
    "IIS",
    null,
    signs({
      greeting: ["220 Microsoft FTP Service"],
      replies: [
        ["USER a", "331 Password required"],
        ["PASS", "230 User logged in."],
      ],
    }),
  ],
  [
    "Azure App Service",
    null,
    signs({
      host: "waws-prod-am2-001.ftp.azurewebsites.windows.net",
      greeting: ["220 Microsoft FTP Service"],
      syst: "Windows_NT",
    }),
  ],
  [
    "pyftpdlib",
    "1.5.6",
    signs({
      greeting: ["220 pyftpdlib 1.5.6 ready."],
      replies: [["USER a", "331 Username ok, send password."]],
    }),
  ],
  [
    "CrushFTP",
    "9",
    signs({
      greeting: ["220-Welcome to CrushFTP9!", "220 CrushFTP Server Ready."],
      replies: [["USER a", "331 Username OK.  Need password."]],
    }),
  ],
  [
    "WS_FTP Server",
    "7.7",
    signs({
      greeting: ["220-V2 WS_FTP Server 7.7(0123)"],
      replies: [["USER a", "331 Enter password"]],
    }),
  ],
  [
    "IBM i",
    null,
    signs({
      greeting: ["220-QTCP at HOST.", "220 Connection will close if idle more than 5 minutes."],
      replies: [["USER a", "331 Enter password."]],
    }),
  ],
  [
    "z/OS",
    "V2R3",
    signs({
      greeting: ["220-FTPD1 IBM FTP CS V2R3 at HOST, 16:48:12 on 2021-02-11."],
      replies: [["USER a", "331 Send password please."]],
    }),
  ],
  ["SFTPGo", "2.6.6", signs({ greeting: ["220 SFTPGo_2.6.6"], replies: [["PASS", "230 Password ok, continue"]] })],
  [
    "MikroTik",
    "6.43.16",
    signs({ greeting: ["220 gw FTP server (MikroTik 6.43.16) ready"], syst: "UNIX MikroTik 6.43.16" }),
  ],
  [
    "wu-ftpd",
    "2.6.2",
    signs({
      greeting: ["220 host FTP server (Version wu-2.6.2(1) Tue Jan 1 2002) ready."],
      replies: [
        ["USER a", "331 Password required for a."],
        ["PASS", "230 User a logged in."],
      ],
    }),
  ],
  [
    "AWS Transfer Family",
    null,
    signs({
      host: "s-0123456789abcdef0.server.transfer.eu-west-1.amazonaws.com",
      greeting: ["220 Service ready for new user."],
      replies: [["FEAT", "534 TLS required, configure with AUTH first."]],
    }),
  ],
];

describe("recognise", () => {
  it.each(sessions)("names %s %s from two independent signs", (name, version, given) => {
    expect(recognise(given)).toEqual({ name, version, confidence: "certain" });
  });

  it("believes two wordings against the banner of another product", () => {
    const given = signs({
      greeting: ["220 Microsoft FTP Service"],
      replies: [
        ["USER a", "331 Please specify the password."],
        ["LIST", "150 Here comes the directory listing."],
      ],
    });
    expect(recognise(given)).toEqual({ name: "vsftpd", version: null, confidence: "certain" });
  });

  it("is only likely on one wording against the banner of another product", () => {
    const given = signs({
      greeting: ["220 Microsoft FTP Service"],
      replies: [["USER a", "331 Please specify the password."]],
    });
    expect(recognise(given)).toEqual({ name: "vsftpd", version: null, confidence: "likely" });
  });

  it("is only likely where two products speak, as behind a proxy", () => {
    const given = signs({
      replies: [...vsftpdLogin, ["LIST", "150 Here comes the directory listing."], ["TYPE A", "200 TYPE is now ASCII"]],
    });
    expect(recognise(given)).toMatchObject({ name: "vsftpd", confidence: "likely" });
  });

  it("does not count the same command twice", () => {
    const given = signs({ replies: [["LIST", "150 Here comes the directory listing.", "226 Directory send OK."]] });
    expect(recognise(given)).toMatchObject({ name: "vsftpd", confidence: "likely" });
  });

  it("takes a banner alone as likely, a banner that could be anybody's as possible", () => {
    expect(recognise(signs({ greeting: ["220 (vsFTPd 3.0.5)"] }))).toEqual({
      name: "vsftpd",
      version: "3.0.5",
      confidence: "likely",
    });
    expect(recognise(signs({ greeting: ["220 FTP Server ready."] }))).toMatchObject({ confidence: "possible" });
    expect(recognise(signs({ greeting: ["220 Welcome to blah FTP service."] }))).toMatchObject({
      name: "vsftpd",
      confidence: "possible",
    });
  });

  it("takes features alone as likely", () => {
    const features = ["EPRT", "EPSV", "MDTM", "PASV", "REST STREAM", "SIZE", "TVFS"];
    expect(recognise(signs({ features }))).toEqual({ name: "vsftpd", version: null, confidence: "likely" });
    expect(recognise(signs({ features: [...features, "MLST type*;"] }))).toBeNull();
  });

  it("narrows by wordings that several products share", () => {
    const given = signs({
      replies: [
        ["USER a", "331 Password required for a"],
        ["PASS", "230 User a logged in"],
      ],
    });
    expect(recognise(given)).toMatchObject({ name: "ProFTPD", confidence: "possible" });
  });

  it("reads a refusal that stands in place of the greeting", () => {
    const given = signs({ greeting: ["421 There are too many connected users, please try later."] });
    expect(recognise(given)).toMatchObject({ name: "vsftpd", confidence: "likely" });
  });

  it("knows the simulator", () => {
    const given = signs({
      greeting: ["220 ftp-doctor simulator ready"],
      replies: [["USER anonymous", "331 Guest login, send anything as password"]],
    });
    expect(recognise(given)).toEqual({ name: "ftp-doctor simulator", version: null, confidence: "certain" });
  });

  it.each([
    [
      "ProFTPD",
      [
        "CLNT",
        "CSID",
        "EPRT",
        "EPSV",
        "HOST",
        "LANG C.UTF-8*",
        "MDTM",
        "MFF modify;UNIX.group;UNIX.mode;",
        "MFMT",
        "RANG STREAM",
        "REST STREAM",
        "SIZE",
        "TVFS",
        "UTF8",
      ],
    ],
    [
      "Pure-FTPd",
      [
        "UTF8",
        "EPRT",
        "IDLE",
        "MDTM",
        "SIZE",
        "MFMT",
        "REST STREAM",
        "MLST type*;size*;sizd*;modify*;unique*;",
        "MLSD",
        "PRET",
        "TVFS",
        "ESTA",
        "PASV",
        "EPSV",
        "ESTP",
      ],
    ],
  ])("takes the features of Debian's %s", (name, features) => {
    expect(recognise(signs({ features }))).toEqual({ name, version: null, confidence: "likely" });
  });

  it.each([
    ["nothing", signs({})],
    ["a masked greeting", signs({ greeting: ["220 ********************"], syst: "XXXXXX" })],
    ["texts of RFC 959", signs({ replies: [["USER a", "331 User name okay, need password."]], syst: "UNIX Type: L8" })],
    ["a login refused in common words", signs({ replies: [["PASS", "530 Login incorrect."]] })],
  ])("names nobody from %s", (_, given) => {
    expect(recognise(given)).toBeNull();
  });

  it("stays quick on hostile lines", () => {
    const stuff = [
      "Entering Passive Mode (",
      "User ",
      "1,",
      "Password required for ",
      "VxWorks ",
      "\u0000",
      " ",
      "a.",
      "'",
    ];
    const lines = stuff.flatMap((piece) => [
      `331 ${piece.repeat(2048).slice(0, 2048)}`,
      `331 User ${piece.repeat(2048).slice(0, 2048)}`,
    ]);
    // Patterns that backtrack take minutes, longer than any test may.
    for (const command of ["USER", "PASS", "LIST", "PASV"]) {
      for (const code of [220, 227, 230, 331, 421, 425, 500, 530]) {
        recognise({ greeting: lines, replies: [{ command, code, lines }], features: lines, syst: lines[0] ?? "" });
      }
    }
  });
});

describe("the tables", () => {
  const patterns = [
    ...[...widespreadWordings, ...furtherWordings].flatMap(({ replies }) => replies.map(([, , pattern]) => pattern)),
    ...banners.map(({ pattern }) => pattern),
    ...systems.map(({ pattern }) => pattern),
    ...hostNames.map(({ pattern }) => pattern),
  ];

  it.each(patterns.map((pattern) => [pattern.source]))("repeats without nesting or end: %s", (source) => {
    const bare = source.replace(/\\./g, "x").replace(/\[[^\]]*\]/g, "x");
    expect(bare).not.toMatch(/[*+]/);
    expect(bare).not.toMatch(/\)\{\d+,(?!2\})/);
  });

  it("keeps no state between two uses", () => {
    for (const pattern of patterns) expect(pattern.flags).not.toMatch(/[gy]/);
  });

  it("has a way to recognise nearly every product", () => {
    const told = new Set<string>([
      ...[...widespreadWordings, ...furtherWordings].flatMap(({ products }) => products),
      ...banners.map(({ product }) => product),
      ...hostNames.map(({ product }) => product),
    ]);
    expect(PRODUCT_NAMES.filter((name) => !told.has(name))).toEqual([]);
  });
});

describe("recognisePanel", () => {
  it("tells a control panel only where the greeting says so", () => {
    expect(recognisePanel(signs({ greeting: ["220 cPanel FTP ready"] }))).toBe("cpanel");
    expect(recognisePanel(signs({ greeting: ["220 (vsFTPd 3.0.3)"] }))).toBeNull();
  });
});
