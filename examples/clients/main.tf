# The provider's own chain: terraform runs as `npx --no credmint exec -- terraform apply`, and nothing is in its state.
provider "aws" {
  region = "eu-central-1"
}

# For a provider that has no such chain. What a data source gives is kept in the state: seal that.
data "external" "credmint" {
  program = ["npx", "--no", "credmint", "get", "--profile", "upload", "--format", "aws-container"]
}

provider "tencentcloud" {
  secret_id      = data.external.credmint.result.AccessKeyId
  secret_key     = data.external.credmint.result.SecretAccessKey
  security_token = data.external.credmint.result.Token
}
