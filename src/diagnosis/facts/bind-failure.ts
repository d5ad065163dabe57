import type { ActiveRecord } from "../../model/evidence.ts";
import { excuse } from "./active-refusals.ts";

/** Whether the server says that it could not open its own end of the data connection (the system's words, and vsftpd's). */
export function saysBindFailed(record: ActiveRecord): boolean {
  const text = excuse(record);
  return (
    text !== null &&
    /cannot assign requested address|address already in use|can't assign|vsf_sysutil_bind|\bbind\b/i.test(text)
  );
}
