import { expectTypeOf, test } from "vitest";
import type * as z from "zod";
import type { GivenSettings } from "../../infra/given-settings.ts";
import type { readSettings } from "../../infra/settings.ts";
import type { GivenOptions } from "../../shared/campaign/given-options.ts";
import type { UploadedOptions } from "../../shared/campaign/options.ts";

test("programs may give the options that a campaign's JSON may have, and no others", () => {
  expectTypeOf<GivenOptions>().toEqualTypeOf<z.input<typeof UploadedOptions>>();
});

test("programs may give the settings that a stack may have, and no others", () => {
  type Settings = ReturnType<typeof readSettings>["settings"];
  expectTypeOf<keyof GivenSettings>().toEqualTypeOf<keyof Settings>();
  // What is read differs only in what stands in for what is absent.
  expectTypeOf<Partial<Settings>>().toExtend<GivenSettings>();
  expectTypeOf<Omit<GivenSettings, "optOut">>().toExtend<Omit<Partial<Settings>, "optOut">>();
  expectTypeOf<Exclude<GivenSettings["optOut"], boolean>>().toEqualTypeOf<Settings["optOut"]>();
});
