# Section 2.04 has brought the package that the copy is compared with.
own_templates_again_check() { judge_own_templates; }
