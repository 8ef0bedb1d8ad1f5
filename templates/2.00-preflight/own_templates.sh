own_templates_check() { judge_own_templates; }
