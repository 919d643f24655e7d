resource "helm_release" "shop_shop_rel" {
  name             = "shop"
  namespace        = "shop-rel" # not { the other
  chart            = "${path.module}/../charts/shop"
  create_namespace = true
  values = [
    file("${path.module}/values/rel.yaml"),
  ]
}
resource "helm_release" "shop_shop_dev" {
  name             = "shop"
  namespace        = "shop-dev" # not { the other
  chart            = "${path.module}/../charts/shop"
  create_namespace = true
}
