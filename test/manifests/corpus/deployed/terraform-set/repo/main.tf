resource "helm_release" "web_prod" {
  name      = "web"
  namespace = "prod"
  chart     = "${path.module}/charts/web"

  set {
    name  = "resources.limits.memory"
    value = "512Mi"
  }
}

resource "helm_release" "web_dev" {
  name      = "web"
  namespace = "dev"
  chart     = "${path.module}/charts/web"

  set {
    name  = "resources.limits.memory"
    value = "384Mi"
  }
}
