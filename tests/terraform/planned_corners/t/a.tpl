%{ for i, x in items ~}
${i}=${x}
%{ endfor ~}
%{ if flag }yes%{ else }no%{ endif }
%{~ for k, v in m ~}
[${k}:${v}]
%{~ endfor ~}
end
