resource "helm_release" "web_prod" {
  name      = "web"
  namespace = "prod"
  chart     = "${path.module}/charts/web"

}

resource "helm_release" "web_dev" {
  name      = "web"
  namespace = "dev"
  chart     = "${path.module}/charts/web"

}
