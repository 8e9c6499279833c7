/** The prefix of an Enswitch API that does not exist. */
export const endpoint = "https://pbx.example.com/api/json";

/** Ids of a VPC, which nothing looks up. */
export const vpc = { subnetIds: ["subnet-0123456789abcdef0"], securityGroupIds: ["sg-0123456789abcdef0"] };

/** A stack with all that is optional. */
export const everything = {
  endpoint,
  vpc,
  notifyEmail: "ann@example.com",
  snumber: "01632960000",
  country: "GB",
  retainDays: 30,
  console: true,
};
