# Port 80 is one listener with two names: "plain" serves, and "redirect" sends to HTTPS. Renamed, it changes in place, so no request
# finds the port closed while a domain is added or removed.
# <if dns>
moved {
  from = module.load_balancer.aws_lb_listener.plain[0]
  to   = module.load_balancer.aws_lb_listener.redirect[0]
}
# <end dns>
# <if plain>
moved {
  from = module.load_balancer.aws_lb_listener.redirect[0]
  to   = module.load_balancer.aws_lb_listener.plain[0]
}
# <end plain>
