import { defineExperiment } from "../engine/experiment.ts";
import { addressed } from "./context.ts";
import { climbDown, type DownloadContext } from "./download.ts";
import { climbUp, type UploadContext } from "./upload.ts";

/** A ladder in either direction. */
export type LadderContext = ({ direction: "download" } & DownloadContext) | ({ direction: "upload" } & UploadContext);

/** Up to which size do transfers arrive? */
export const ladder = defineExperiment<"ladder", LadderContext, void>({
  name: "ladder",
  blank: (context) => ({ ...addressed(context), direction: context.direction, mode: context.further.mode, steps: [] }),
  async run(context, record): Promise<void> {
    context.run.progress(`transferring growing files, ${context.direction} at ${context.address}`);
    if (context.direction === "upload") await climbUp(context, record);
    else {
      record.session = context.open.id;
      await climbDown(context, record);
    }
    if (record.steps.length === 0) record.status = "skipped";
  },
});
