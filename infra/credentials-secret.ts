import { RemovalPolicy, Validations } from "aws-cdk-lib";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";

/**
 * The secret in which `bulk-send credentials` stores the Enswitch user. It is created with an empty user name and
 * password, which means "not set"; Secrets Manager insists on generating something, which goes into a key nobody reads.
 */
export class CredentialsSecret extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.secret = new Secret(this, "Secret", {
      description: "Enswitch user of bulk-send; store it with the command credentials.",
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username: "", password: "" }),
        generateStringKey: "unset",
      },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this.secret).acknowledge({
      id: "AwsSolutions-SMG4",
      reason: "The password belongs to the phone system, which has no call that rotates it; a person sets a new one.",
    });
  }
}
