resource "helm_release" "web_prod" {
  name      = "web"
  namespace = "prod"
  chart     = "${path.module}/charts/web"

  values = [
    file("${path.module}/values/web-prod.yaml"),
  ]
}

resource "helm_release" "web_dev" {
  name      = "web"
  namespace = "dev"
  chart     = "${path.module}/charts/web"

  values = [
    file("${path.module}/values/web-dev.yaml"),
  ]
}
