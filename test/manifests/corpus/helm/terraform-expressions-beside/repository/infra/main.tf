resource "helm_release" "shop_shop_x" {
  name             = var.name
  namespace        = "shop-x" # not { the other
  chart            = "../charts/${var.chart}"
  create_namespace = true
  values = [<<-EOT
    a: "}"
  EOT
  ]
}
