resource "helm_release" "shop_shop_rel" {
  name             = "shop"
  namespace        = "shop-rel" # not { the other
  chart            = "${path.module}/../charts/shop"
  create_namespace = true
  set {
    name  = "web.replicas"
    value = "3"
  }
}
