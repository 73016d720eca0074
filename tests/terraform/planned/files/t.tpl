%{ for name in names ~}
- ${name}
%{ endfor ~}
%{ if on }on%{ else }off%{ endif }
