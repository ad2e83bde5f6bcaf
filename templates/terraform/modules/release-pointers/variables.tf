variable "names" {
  description = "Names of the parameters, by colour."
  type        = map(string)
}
