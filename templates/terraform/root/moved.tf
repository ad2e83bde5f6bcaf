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
# <if moved-from-fleet>
# The first versions had them in other modules.
moved {
  from = module.fleet.aws_ssm_parameter.pointer
  to   = module.release_pointers.aws_ssm_parameter.this
}
# <end moved-from-fleet>
# <if moved-from-machine>
# The first versions had them in other modules.
moved {
  from = module.machine.aws_ssm_parameter.pointer
  to   = module.release_pointers.aws_ssm_parameter.this
}

moved {
  from = module.machine_address.aws_route53_record.this
  to   = module.address.aws_route53_record.this
}
# <end moved-from-machine>
