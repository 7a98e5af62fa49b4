// Generated from schemas/crd/selinux-profile.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// @ts-nocheck The code below is ajv's, which has no types; what is exported has.

import type { SelinuxProfile } from '../crd/selinux-profile.ts';
import { countCharacters, findFaults, isIntOrString, type Fault } from './fault.ts';

const schema31 = {"type":"object","required":["apiVersion","kind","metadata","spec"],"properties":{"apiVersion":{"type":"string","enum":["security-profiles-operator.x-k8s.io/v1alpha2"]},"kind":{"type":"string","enum":["SelinuxProfile"]},"metadata":{"type":"object","required":["name"],"properties":{"name":{"type":"string","maxLength":253},"generateName":{"type":"string","maxLength":253},"namespace":{"type":"string","maxLength":63},"labels":{"type":"object","additionalProperties":{"type":"string"}},"annotations":{"type":"object","additionalProperties":{"type":"string"}}},"additionalProperties":true},"spec":{"type":"object","properties":{"disabled":{"type":"boolean"},"permissive":{"type":"boolean"},"inherit":{"type":"array","maxItems":32,"items":{"type":"object","required":["name"],"properties":{"kind":{"type":"string","enum":["System","SelinuxProfile"]},"name":{"type":"string","minLength":1,"maxLength":253,"pattern":"^[A-Za-z0-9_.-]+$"}},"additionalProperties":false}},"allow":{"type":"object","maxProperties":2000,"additionalProperties":{"type":"object","maxProperties":200,"additionalProperties":{"type":"array","maxItems":200,"items":{"type":"string","minLength":1,"maxLength":128,"pattern":"^[A-Za-z0-9_.-]+$"}}}}},"additionalProperties":false},"status":{"type":"object","properties":{"status":{"type":"string","enum":["Error","Terminating","Partial","Disabled","Pending","InProgress","Installed"]},"observedGeneration":{"type":"integer","minimum":0},"conditions":{"type":"array","maxItems":32,"items":{"$ref":"#/$defs/condition"}},"usage":{"type":"string","maxLength":512},"nodes":{"$ref":"#/$defs/node-counts"},"failures":{"type":"array","maxItems":10,"items":{"$ref":"#/$defs/node-failure"}},"activeWorkloads":{"type":"array","maxItems":1000,"items":{"type":"string","maxLength":317}},"activeWorkloadCount":{"minimum":0,"maximum":2147483647,"type":"integer"}},"additionalProperties":false}},"additionalProperties":false,"$defs":{"condition":{"type":"object","required":["type","status","reason","lastTransitionTime"],"properties":{"type":{"type":"string","minLength":1,"maxLength":316},"status":{"type":"string","enum":["True","False","Unknown"]},"observedGeneration":{"type":"integer","minimum":0},"lastTransitionTime":{"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$","type":"string"},"reason":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"},"message":{"type":"string","maxLength":32768}},"additionalProperties":false},"node-counts":{"type":"object","properties":{"desired":{"minimum":0,"maximum":2147483647,"type":"integer"},"installed":{"minimum":0,"maximum":2147483647,"type":"integer"},"pending":{"minimum":0,"maximum":2147483647,"type":"integer"},"failed":{"minimum":0,"maximum":2147483647,"type":"integer"}},"additionalProperties":false},"node-failure":{"type":"object","required":["nodeName","message"],"properties":{"nodeName":{"type":"string","maxLength":253},"reason":{"type":"string","maxLength":128},"message":{"type":"string","maxLength":1024}},"additionalProperties":false}}};
const schema32 = {"type":"object","required":["type","status","reason","lastTransitionTime"],"properties":{"type":{"type":"string","minLength":1,"maxLength":316},"status":{"type":"string","enum":["True","False","Unknown"]},"observedGeneration":{"type":"integer","minimum":0},"lastTransitionTime":{"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$","type":"string"},"reason":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"},"message":{"type":"string","maxLength":32768}},"additionalProperties":false};
const schema33 = {"type":"object","properties":{"desired":{"minimum":0,"maximum":2147483647,"type":"integer"},"installed":{"minimum":0,"maximum":2147483647,"type":"integer"},"pending":{"minimum":0,"maximum":2147483647,"type":"integer"},"failed":{"minimum":0,"maximum":2147483647,"type":"integer"}},"additionalProperties":false};
const schema34 = {"type":"object","required":["nodeName","message"],"properties":{"nodeName":{"type":"string","maxLength":253},"reason":{"type":"string","maxLength":128},"message":{"type":"string","maxLength":1024}},"additionalProperties":false};
const func1 = countCharacters;
const pattern4 = new RegExp("^[A-Za-z0-9_.-]+$", "u");
const pattern6 = new RegExp("^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$", "u");
const pattern7 = new RegExp("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$", "u");

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiVersion === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "apiVersion"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.kind === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "kind"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.metadata === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "metadata"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.spec === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "spec"}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.apiVersion !== undefined){
let data0 = data.apiVersion;
if(typeof data0 !== "string"){
const err5 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!(data0 === "security-profiles-operator.x-k8s.io/v1alpha2")){
const err6 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/enum",keyword:"enum",params:{allowedValues: schema31.properties.apiVersion.enum}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if(typeof data1 !== "string"){
const err7 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!(data1 === "SelinuxProfile")){
const err8 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema31.properties.kind.enum}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.metadata !== undefined){
let data2 = data.metadata;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.name === undefined){
const err9 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/required",keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data2.name !== undefined){
let data3 = data2.name;
if(typeof data3 === "string"){
if(func1(data3) > 253){
const err10 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data2.generateName !== undefined){
let data4 = data2.generateName;
if(typeof data4 === "string"){
if(func1(data4) > 253){
const err12 = {instancePath:instancePath+"/metadata/generateName",schemaPath:"#/properties/metadata/properties/generateName/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/metadata/generateName",schemaPath:"#/properties/metadata/properties/generateName/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data2.namespace !== undefined){
let data5 = data2.namespace;
if(typeof data5 === "string"){
if(func1(data5) > 63){
const err14 = {instancePath:instancePath+"/metadata/namespace",schemaPath:"#/properties/metadata/properties/namespace/maxLength",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
else {
const err15 = {instancePath:instancePath+"/metadata/namespace",schemaPath:"#/properties/metadata/properties/namespace/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data2.labels !== undefined){
let data6 = data2.labels;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
for(const key1 in data6){
if(typeof data6[key1] !== "string"){
const err16 = {instancePath:instancePath+"/metadata/labels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/metadata/properties/labels/additionalProperties/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
else {
const err17 = {instancePath:instancePath+"/metadata/labels",schemaPath:"#/properties/metadata/properties/labels/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data2.annotations !== undefined){
let data8 = data2.annotations;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
for(const key2 in data8){
if(typeof data8[key2] !== "string"){
const err18 = {instancePath:instancePath+"/metadata/annotations/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/metadata/properties/annotations/additionalProperties/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
}
else {
const err19 = {instancePath:instancePath+"/metadata/annotations",schemaPath:"#/properties/metadata/properties/annotations/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.spec !== undefined){
let data10 = data.spec;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
for(const key3 in data10){
if(!((((key3 === "disabled") || (key3 === "permissive")) || (key3 === "inherit")) || (key3 === "allow"))){
const err21 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data10.disabled !== undefined){
if(typeof data10.disabled !== "boolean"){
const err22 = {instancePath:instancePath+"/spec/disabled",schemaPath:"#/properties/spec/properties/disabled/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data10.permissive !== undefined){
if(typeof data10.permissive !== "boolean"){
const err23 = {instancePath:instancePath+"/spec/permissive",schemaPath:"#/properties/spec/properties/permissive/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data10.inherit !== undefined){
let data13 = data10.inherit;
if(Array.isArray(data13)){
if(data13.length > 32){
const err24 = {instancePath:instancePath+"/spec/inherit",schemaPath:"#/properties/spec/properties/inherit/maxItems",keyword:"maxItems",params:{limit: 32}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
const len0 = data13.length;
for(let i0=0; i0<len0; i0++){
let data14 = data13[i0];
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
if(data14.name === undefined){
const err25 = {instancePath:instancePath+"/spec/inherit/" + i0,schemaPath:"#/properties/spec/properties/inherit/items/required",keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
for(const key4 in data14){
if(!((key4 === "kind") || (key4 === "name"))){
const err26 = {instancePath:instancePath+"/spec/inherit/" + i0,schemaPath:"#/properties/spec/properties/inherit/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data14.kind !== undefined){
let data15 = data14.kind;
if(typeof data15 !== "string"){
const err27 = {instancePath:instancePath+"/spec/inherit/" + i0+"/kind",schemaPath:"#/properties/spec/properties/inherit/items/properties/kind/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(!((data15 === "System") || (data15 === "SelinuxProfile"))){
const err28 = {instancePath:instancePath+"/spec/inherit/" + i0+"/kind",schemaPath:"#/properties/spec/properties/inherit/items/properties/kind/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.inherit.items.properties.kind.enum}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data14.name !== undefined){
let data16 = data14.name;
if(typeof data16 === "string"){
if(func1(data16) > 253){
const err29 = {instancePath:instancePath+"/spec/inherit/" + i0+"/name",schemaPath:"#/properties/spec/properties/inherit/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(func1(data16) < 1){
const err30 = {instancePath:instancePath+"/spec/inherit/" + i0+"/name",schemaPath:"#/properties/spec/properties/inherit/items/properties/name/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(!pattern4.test(data16)){
const err31 = {instancePath:instancePath+"/spec/inherit/" + i0+"/name",schemaPath:"#/properties/spec/properties/inherit/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_.-]+$"}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
else {
const err32 = {instancePath:instancePath+"/spec/inherit/" + i0+"/name",schemaPath:"#/properties/spec/properties/inherit/items/properties/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
}
else {
const err33 = {instancePath:instancePath+"/spec/inherit/" + i0,schemaPath:"#/properties/spec/properties/inherit/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
}
else {
const err34 = {instancePath:instancePath+"/spec/inherit",schemaPath:"#/properties/spec/properties/inherit/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
if(data10.allow !== undefined){
let data17 = data10.allow;
if(data17 && typeof data17 == "object" && !Array.isArray(data17)){
if(Object.keys(data17).length > 2000){
const err35 = {instancePath:instancePath+"/spec/allow",schemaPath:"#/properties/spec/properties/allow/maxProperties",keyword:"maxProperties",params:{limit: 2000}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
for(const key5 in data17){
let data18 = data17[key5];
if(data18 && typeof data18 == "object" && !Array.isArray(data18)){
if(Object.keys(data18).length > 200){
const err36 = {instancePath:instancePath+"/spec/allow/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/allow/additionalProperties/maxProperties",keyword:"maxProperties",params:{limit: 200}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
for(const key6 in data18){
let data19 = data18[key6];
if(Array.isArray(data19)){
if(data19.length > 200){
const err37 = {instancePath:instancePath+"/spec/allow/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/allow/additionalProperties/additionalProperties/maxItems",keyword:"maxItems",params:{limit: 200}};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
const len1 = data19.length;
for(let i1=0; i1<len1; i1++){
let data20 = data19[i1];
if(typeof data20 === "string"){
if(func1(data20) > 128){
const err38 = {instancePath:instancePath+"/spec/allow/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + key6.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i1,schemaPath:"#/properties/spec/properties/allow/additionalProperties/additionalProperties/items/maxLength",keyword:"maxLength",params:{limit: 128}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(func1(data20) < 1){
const err39 = {instancePath:instancePath+"/spec/allow/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + key6.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i1,schemaPath:"#/properties/spec/properties/allow/additionalProperties/additionalProperties/items/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if(!pattern4.test(data20)){
const err40 = {instancePath:instancePath+"/spec/allow/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + key6.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i1,schemaPath:"#/properties/spec/properties/allow/additionalProperties/additionalProperties/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_.-]+$"}};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
else {
const err41 = {instancePath:instancePath+"/spec/allow/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + key6.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i1,schemaPath:"#/properties/spec/properties/allow/additionalProperties/additionalProperties/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
}
else {
const err42 = {instancePath:instancePath+"/spec/allow/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/allow/additionalProperties/additionalProperties/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
}
else {
const err43 = {instancePath:instancePath+"/spec/allow/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/allow/additionalProperties/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
}
else {
const err44 = {instancePath:instancePath+"/spec/allow",schemaPath:"#/properties/spec/properties/allow/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
}
else {
const err45 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
if(data.status !== undefined){
let data21 = data.status;
if(data21 && typeof data21 == "object" && !Array.isArray(data21)){
for(const key7 in data21){
if(!((((((((key7 === "status") || (key7 === "observedGeneration")) || (key7 === "conditions")) || (key7 === "usage")) || (key7 === "nodes")) || (key7 === "failures")) || (key7 === "activeWorkloads")) || (key7 === "activeWorkloadCount"))){
const err46 = {instancePath:instancePath+"/status",schemaPath:"#/properties/status/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7}};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data21.status !== undefined){
let data22 = data21.status;
if(typeof data22 !== "string"){
const err47 = {instancePath:instancePath+"/status/status",schemaPath:"#/properties/status/properties/status/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
if(!(((((((data22 === "Error") || (data22 === "Terminating")) || (data22 === "Partial")) || (data22 === "Disabled")) || (data22 === "Pending")) || (data22 === "InProgress")) || (data22 === "Installed"))){
const err48 = {instancePath:instancePath+"/status/status",schemaPath:"#/properties/status/properties/status/enum",keyword:"enum",params:{allowedValues: schema31.properties.status.properties.status.enum}};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data21.observedGeneration !== undefined){
let data23 = data21.observedGeneration;
if(!(((typeof data23 == "number") && (!(data23 % 1) && !isNaN(data23))) && (isFinite(data23)))){
const err49 = {instancePath:instancePath+"/status/observedGeneration",schemaPath:"#/properties/status/properties/observedGeneration/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
if((typeof data23 == "number") && (isFinite(data23))){
if(data23 < 0 || isNaN(data23)){
const err50 = {instancePath:instancePath+"/status/observedGeneration",schemaPath:"#/properties/status/properties/observedGeneration/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
}
if(data21.conditions !== undefined){
let data24 = data21.conditions;
if(Array.isArray(data24)){
if(data24.length > 32){
const err51 = {instancePath:instancePath+"/status/conditions",schemaPath:"#/properties/status/properties/conditions/maxItems",keyword:"maxItems",params:{limit: 32}};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
const len2 = data24.length;
for(let i2=0; i2<len2; i2++){
let data25 = data24[i2];
if(data25 && typeof data25 == "object" && !Array.isArray(data25)){
if(data25.type === undefined){
const err52 = {instancePath:instancePath+"/status/conditions/" + i2,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "type"}};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
if(data25.status === undefined){
const err53 = {instancePath:instancePath+"/status/conditions/" + i2,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "status"}};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
if(data25.reason === undefined){
const err54 = {instancePath:instancePath+"/status/conditions/" + i2,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "reason"}};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
if(data25.lastTransitionTime === undefined){
const err55 = {instancePath:instancePath+"/status/conditions/" + i2,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "lastTransitionTime"}};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
for(const key8 in data25){
if(!((((((key8 === "type") || (key8 === "status")) || (key8 === "observedGeneration")) || (key8 === "lastTransitionTime")) || (key8 === "reason")) || (key8 === "message"))){
const err56 = {instancePath:instancePath+"/status/conditions/" + i2,schemaPath:"#/$defs/condition/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8}};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
if(data25.type !== undefined){
let data26 = data25.type;
if(typeof data26 === "string"){
if(func1(data26) > 316){
const err57 = {instancePath:instancePath+"/status/conditions/" + i2+"/type",schemaPath:"#/$defs/condition/properties/type/maxLength",keyword:"maxLength",params:{limit: 316}};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
if(func1(data26) < 1){
const err58 = {instancePath:instancePath+"/status/conditions/" + i2+"/type",schemaPath:"#/$defs/condition/properties/type/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
else {
const err59 = {instancePath:instancePath+"/status/conditions/" + i2+"/type",schemaPath:"#/$defs/condition/properties/type/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
if(data25.status !== undefined){
let data27 = data25.status;
if(typeof data27 !== "string"){
const err60 = {instancePath:instancePath+"/status/conditions/" + i2+"/status",schemaPath:"#/$defs/condition/properties/status/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
if(!(((data27 === "True") || (data27 === "False")) || (data27 === "Unknown"))){
const err61 = {instancePath:instancePath+"/status/conditions/" + i2+"/status",schemaPath:"#/$defs/condition/properties/status/enum",keyword:"enum",params:{allowedValues: schema32.properties.status.enum}};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
if(data25.observedGeneration !== undefined){
let data28 = data25.observedGeneration;
if(!(((typeof data28 == "number") && (!(data28 % 1) && !isNaN(data28))) && (isFinite(data28)))){
const err62 = {instancePath:instancePath+"/status/conditions/" + i2+"/observedGeneration",schemaPath:"#/$defs/condition/properties/observedGeneration/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
if((typeof data28 == "number") && (isFinite(data28))){
if(data28 < 0 || isNaN(data28)){
const err63 = {instancePath:instancePath+"/status/conditions/" + i2+"/observedGeneration",schemaPath:"#/$defs/condition/properties/observedGeneration/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
}
if(data25.lastTransitionTime !== undefined){
let data29 = data25.lastTransitionTime;
if(typeof data29 === "string"){
if(!pattern6.test(data29)){
const err64 = {instancePath:instancePath+"/status/conditions/" + i2+"/lastTransitionTime",schemaPath:"#/$defs/condition/properties/lastTransitionTime/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"}};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
else {
const err65 = {instancePath:instancePath+"/status/conditions/" + i2+"/lastTransitionTime",schemaPath:"#/$defs/condition/properties/lastTransitionTime/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
if(data25.reason !== undefined){
let data30 = data25.reason;
if(typeof data30 === "string"){
if(func1(data30) > 1024){
const err66 = {instancePath:instancePath+"/status/conditions/" + i2+"/reason",schemaPath:"#/$defs/condition/properties/reason/maxLength",keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
if(func1(data30) < 1){
const err67 = {instancePath:instancePath+"/status/conditions/" + i2+"/reason",schemaPath:"#/$defs/condition/properties/reason/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
if(!pattern7.test(data30)){
const err68 = {instancePath:instancePath+"/status/conditions/" + i2+"/reason",schemaPath:"#/$defs/condition/properties/reason/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"}};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
else {
const err69 = {instancePath:instancePath+"/status/conditions/" + i2+"/reason",schemaPath:"#/$defs/condition/properties/reason/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
if(data25.message !== undefined){
let data31 = data25.message;
if(typeof data31 === "string"){
if(func1(data31) > 32768){
const err70 = {instancePath:instancePath+"/status/conditions/" + i2+"/message",schemaPath:"#/$defs/condition/properties/message/maxLength",keyword:"maxLength",params:{limit: 32768}};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
else {
const err71 = {instancePath:instancePath+"/status/conditions/" + i2+"/message",schemaPath:"#/$defs/condition/properties/message/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
}
else {
const err72 = {instancePath:instancePath+"/status/conditions/" + i2,schemaPath:"#/$defs/condition/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
}
else {
const err73 = {instancePath:instancePath+"/status/conditions",schemaPath:"#/properties/status/properties/conditions/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
if(data21.usage !== undefined){
let data32 = data21.usage;
if(typeof data32 === "string"){
if(func1(data32) > 512){
const err74 = {instancePath:instancePath+"/status/usage",schemaPath:"#/properties/status/properties/usage/maxLength",keyword:"maxLength",params:{limit: 512}};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
else {
const err75 = {instancePath:instancePath+"/status/usage",schemaPath:"#/properties/status/properties/usage/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
if(data21.nodes !== undefined){
let data33 = data21.nodes;
if(data33 && typeof data33 == "object" && !Array.isArray(data33)){
for(const key9 in data33){
if(!((((key9 === "desired") || (key9 === "installed")) || (key9 === "pending")) || (key9 === "failed"))){
const err76 = {instancePath:instancePath+"/status/nodes",schemaPath:"#/$defs/node-counts/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9}};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
if(data33.desired !== undefined){
let data34 = data33.desired;
if(!(((typeof data34 == "number") && (!(data34 % 1) && !isNaN(data34))) && (isFinite(data34)))){
const err77 = {instancePath:instancePath+"/status/nodes/desired",schemaPath:"#/$defs/node-counts/properties/desired/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
if((typeof data34 == "number") && (isFinite(data34))){
if(data34 > 2147483647 || isNaN(data34)){
const err78 = {instancePath:instancePath+"/status/nodes/desired",schemaPath:"#/$defs/node-counts/properties/desired/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
if(data34 < 0 || isNaN(data34)){
const err79 = {instancePath:instancePath+"/status/nodes/desired",schemaPath:"#/$defs/node-counts/properties/desired/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
}
if(data33.installed !== undefined){
let data35 = data33.installed;
if(!(((typeof data35 == "number") && (!(data35 % 1) && !isNaN(data35))) && (isFinite(data35)))){
const err80 = {instancePath:instancePath+"/status/nodes/installed",schemaPath:"#/$defs/node-counts/properties/installed/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
if((typeof data35 == "number") && (isFinite(data35))){
if(data35 > 2147483647 || isNaN(data35)){
const err81 = {instancePath:instancePath+"/status/nodes/installed",schemaPath:"#/$defs/node-counts/properties/installed/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
if(data35 < 0 || isNaN(data35)){
const err82 = {instancePath:instancePath+"/status/nodes/installed",schemaPath:"#/$defs/node-counts/properties/installed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
}
if(data33.pending !== undefined){
let data36 = data33.pending;
if(!(((typeof data36 == "number") && (!(data36 % 1) && !isNaN(data36))) && (isFinite(data36)))){
const err83 = {instancePath:instancePath+"/status/nodes/pending",schemaPath:"#/$defs/node-counts/properties/pending/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
if((typeof data36 == "number") && (isFinite(data36))){
if(data36 > 2147483647 || isNaN(data36)){
const err84 = {instancePath:instancePath+"/status/nodes/pending",schemaPath:"#/$defs/node-counts/properties/pending/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
if(data36 < 0 || isNaN(data36)){
const err85 = {instancePath:instancePath+"/status/nodes/pending",schemaPath:"#/$defs/node-counts/properties/pending/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
}
if(data33.failed !== undefined){
let data37 = data33.failed;
if(!(((typeof data37 == "number") && (!(data37 % 1) && !isNaN(data37))) && (isFinite(data37)))){
const err86 = {instancePath:instancePath+"/status/nodes/failed",schemaPath:"#/$defs/node-counts/properties/failed/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
if((typeof data37 == "number") && (isFinite(data37))){
if(data37 > 2147483647 || isNaN(data37)){
const err87 = {instancePath:instancePath+"/status/nodes/failed",schemaPath:"#/$defs/node-counts/properties/failed/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
if(data37 < 0 || isNaN(data37)){
const err88 = {instancePath:instancePath+"/status/nodes/failed",schemaPath:"#/$defs/node-counts/properties/failed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
}
}
else {
const err89 = {instancePath:instancePath+"/status/nodes",schemaPath:"#/$defs/node-counts/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
if(data21.failures !== undefined){
let data38 = data21.failures;
if(Array.isArray(data38)){
if(data38.length > 10){
const err90 = {instancePath:instancePath+"/status/failures",schemaPath:"#/properties/status/properties/failures/maxItems",keyword:"maxItems",params:{limit: 10}};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
const len3 = data38.length;
for(let i3=0; i3<len3; i3++){
let data39 = data38[i3];
if(data39 && typeof data39 == "object" && !Array.isArray(data39)){
if(data39.nodeName === undefined){
const err91 = {instancePath:instancePath+"/status/failures/" + i3,schemaPath:"#/$defs/node-failure/required",keyword:"required",params:{missingProperty: "nodeName"}};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
if(data39.message === undefined){
const err92 = {instancePath:instancePath+"/status/failures/" + i3,schemaPath:"#/$defs/node-failure/required",keyword:"required",params:{missingProperty: "message"}};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
for(const key10 in data39){
if(!(((key10 === "nodeName") || (key10 === "reason")) || (key10 === "message"))){
const err93 = {instancePath:instancePath+"/status/failures/" + i3,schemaPath:"#/$defs/node-failure/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10}};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
if(data39.nodeName !== undefined){
let data40 = data39.nodeName;
if(typeof data40 === "string"){
if(func1(data40) > 253){
const err94 = {instancePath:instancePath+"/status/failures/" + i3+"/nodeName",schemaPath:"#/$defs/node-failure/properties/nodeName/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
else {
const err95 = {instancePath:instancePath+"/status/failures/" + i3+"/nodeName",schemaPath:"#/$defs/node-failure/properties/nodeName/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
if(data39.reason !== undefined){
let data41 = data39.reason;
if(typeof data41 === "string"){
if(func1(data41) > 128){
const err96 = {instancePath:instancePath+"/status/failures/" + i3+"/reason",schemaPath:"#/$defs/node-failure/properties/reason/maxLength",keyword:"maxLength",params:{limit: 128}};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
else {
const err97 = {instancePath:instancePath+"/status/failures/" + i3+"/reason",schemaPath:"#/$defs/node-failure/properties/reason/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
if(data39.message !== undefined){
let data42 = data39.message;
if(typeof data42 === "string"){
if(func1(data42) > 1024){
const err98 = {instancePath:instancePath+"/status/failures/" + i3+"/message",schemaPath:"#/$defs/node-failure/properties/message/maxLength",keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
else {
const err99 = {instancePath:instancePath+"/status/failures/" + i3+"/message",schemaPath:"#/$defs/node-failure/properties/message/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
}
else {
const err100 = {instancePath:instancePath+"/status/failures/" + i3,schemaPath:"#/$defs/node-failure/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
}
else {
const err101 = {instancePath:instancePath+"/status/failures",schemaPath:"#/properties/status/properties/failures/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
if(data21.activeWorkloads !== undefined){
let data43 = data21.activeWorkloads;
if(Array.isArray(data43)){
if(data43.length > 1000){
const err102 = {instancePath:instancePath+"/status/activeWorkloads",schemaPath:"#/properties/status/properties/activeWorkloads/maxItems",keyword:"maxItems",params:{limit: 1000}};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
const len4 = data43.length;
for(let i4=0; i4<len4; i4++){
let data44 = data43[i4];
if(typeof data44 === "string"){
if(func1(data44) > 317){
const err103 = {instancePath:instancePath+"/status/activeWorkloads/" + i4,schemaPath:"#/properties/status/properties/activeWorkloads/items/maxLength",keyword:"maxLength",params:{limit: 317}};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
else {
const err104 = {instancePath:instancePath+"/status/activeWorkloads/" + i4,schemaPath:"#/properties/status/properties/activeWorkloads/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
}
else {
const err105 = {instancePath:instancePath+"/status/activeWorkloads",schemaPath:"#/properties/status/properties/activeWorkloads/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
if(data21.activeWorkloadCount !== undefined){
let data45 = data21.activeWorkloadCount;
if(!(((typeof data45 == "number") && (!(data45 % 1) && !isNaN(data45))) && (isFinite(data45)))){
const err106 = {instancePath:instancePath+"/status/activeWorkloadCount",schemaPath:"#/properties/status/properties/activeWorkloadCount/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
if((typeof data45 == "number") && (isFinite(data45))){
if(data45 > 2147483647 || isNaN(data45)){
const err107 = {instancePath:instancePath+"/status/activeWorkloadCount",schemaPath:"#/properties/status/properties/activeWorkloadCount/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
if(data45 < 0 || isNaN(data45)){
const err108 = {instancePath:instancePath+"/status/activeWorkloadCount",schemaPath:"#/properties/status/properties/activeWorkloadCount/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
}
}
else {
const err109 = {instancePath:instancePath+"/status",schemaPath:"#/properties/status/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
}
else {
const err110 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const fits = validate20;

const hints = {
  "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$": "must be a time such as 2026-01-31T12:00:00Z",
  "^[A-Za-z0-9_.-]+$": "must hold only letters, digits, dots, hyphens and underscores",
  "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$": "must be one CamelCase word"
};

const rules = [
];

/** Every fault of a value that should be a SelinuxProfile; none when it is one. Faults that need the cluster or a node are found elsewhere. */
export function validateSelinuxProfile(value: unknown): readonly Fault[] {
  return findFaults(value, { fits, rules, hints });
}

/** Whether a value is a SelinuxProfile. */
export function isSelinuxProfile(value: unknown): value is SelinuxProfile {
  return validateSelinuxProfile(value).length === 0;
}
