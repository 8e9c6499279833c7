import { expect, it } from "vitest";
import { createClaimLead } from "../../shared/send/claim-lead.ts";

it("a claim is made a tenth of a second before its first slot, and slots are asked for as long before that", () => {
  const lead = createClaimLead();
  expect(lead.ms()).toBe(100);
  expect(lead.fromAskingMs()).toBe(200);
});

it("where claims take longer, they are made half as long again before, up to 0.4 s", () => {
  const lead = createClaimLead();
  lead.took(20);
  expect(lead.ms()).toBe(100);
  lead.took(160);
  expect(lead.ms()).toBe(240);
  expect(lead.fromAskingMs()).toBe(340);
  lead.took(10_000);
  expect(lead.ms()).toBe(400);
  expect(lead.fromAskingMs()).toBe(500);
});

it("one claim that took long is forgotten little by little, however long it took", () => {
  const lead = createClaimLead();
  lead.took(10_000);
  for (let claims = 0; claims < 8; claims++) lead.took(1);
  expect(lead.ms()).toBeCloseTo(1.5 * 400 * 0.95 ** 8);
  for (let claims = 0; claims < 100; claims++) lead.took(1);
  expect(lead.ms()).toBe(100);
});
