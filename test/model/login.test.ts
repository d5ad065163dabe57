import { expect, test } from "vitest";
import { isAnonymous } from "../../src/model/login.ts";

test.each(["anonymous", "ftp", "Anonymous", "FTP"])("%s is the public login", (user) => {
  expect(isAnonymous(user)).toBe(true);
});

test.each(["", "ftpuser", "anonymous@example.com", "web1"])("%j is somebody's own", (user) => {
  expect(isAnonymous(user)).toBe(false);
});
